import type { Delivery } from './broker.port';

/**
 * The header with an event's place in the order in which events of legacy publishers, which have no version, reached
 * the event manager: a decimal number, larger for each later event. Only event managers set it.
 */
export const ARRIVAL_HEADER = 'x-dbem-arrival';

/** An arrival is the term of the manager that counted it, at most 31 bits, and its count. */
const COUNT_BITS = 32n;

/** The highest count of a term. */
export const MAX_ARRIVAL_COUNT = 2 ** Number(COUNT_BITS) - 1;

const MAX_ARRIVAL = 2n ** 63n - 1n;

/** @param term higher than that of every manager that counted before. */
export function arrivalText(term: number, count: number): string {
  return String((BigInt(term) << COUNT_BITS) + BigInt(count));
}

/** Undefined: it has none, or one that no manager sets. */
export function arrivalOf({ headers }: Pick<Delivery, 'headers'>): bigint | undefined {
  const text = headers[ARRIVAL_HEADER];
  if (typeof text !== 'string' || !/^\d{1,19}$/.test(text)) return undefined;
  const arrival = BigInt(text);
  return arrival > MAX_ARRIVAL ? undefined : arrival;
}

/** The term of an arrival. */
export function termOf(arrival: bigint): number {
  return Number(arrival >> COUNT_BITS);
}
