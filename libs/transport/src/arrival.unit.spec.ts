import { describe, expect, it } from 'vitest';
import { ARRIVAL_HEADER, arrivalOf, arrivalText, MAX_ARRIVAL_COUNT, termOf } from './arrival';

const arrivalIn = (text: unknown) => arrivalOf({ headers: { [ARRIVAL_HEADER]: text } });

describe('arrival', () => {
  it('Arrivals are ordered by term first, then by count', () => {
    const parts = [
      [1, 2],
      [1, MAX_ARRIVAL_COUNT],
      [2, 1],
      [10, 0],
      [2 ** 31 - 1, MAX_ARRIVAL_COUNT],
    ] as const;
    const arrivals = parts.map(([term, count]) => arrivalIn(arrivalText(term, count)));
    expect(arrivals.map((arrival) => termOf(arrival as bigint))).toEqual(parts.map(([term]) => term));
    expect(arrivals.at(-1)).toBe(2n ** 63n - 1n);
    expect(arrivals.toSorted((one, other) => ((one as bigint) < (other as bigint) ? -1 : 1))).toEqual(arrivals);
  });

  it.each([undefined, 7, '', '-1', '1.5', '1e3', '9223372036854775808', '99999999999999999999', ' 1'])(
    'arrivalOf ignores %s, which no manager sets',
    (text) => {
      expect(arrivalIn(text)).toBeUndefined();
      expect(arrivalIn('9223372036854775807')).toBe(2n ** 63n - 1n);
    },
  );
});
