/** Two significant digits are enough for people, and small changes need not be published again. */
export function rounded(value: number): number {
  return Number(value.toPrecision(2));
}
