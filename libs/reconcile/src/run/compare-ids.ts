/**
 * Compares bytes, as both databases sort ids: JavaScript compares UTF-16 units, which sort differently beyond U+FFFF.
 */
export function compareIds(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}
