/** Byte order, as both databases sort ids: JavaScript's own order of UTF-16 units differs beyond U+FFFF. */
export function compareIds(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}
