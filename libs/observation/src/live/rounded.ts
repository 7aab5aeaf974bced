/** Two digits are enough for people, and what hardly changes need not be told again. */
export function rounded(value: number): number {
  return Number(value.toPrecision(2));
}
