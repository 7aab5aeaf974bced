import { describe, expect, it } from 'vitest';
import { ARRIVAL_HEADER, arrivalOf, arrivalText, termOf } from './arrival';

const arrivalIn = (text: unknown) => arrivalOf({ headers: { [ARRIVAL_HEADER]: text } });

describe('arrival', () => {
  it('Arrivals are ordered by term first, then by count', () => {
    const arrivals = [arrivalText(1, 2), arrivalText(1, 10), arrivalText(2, 1), arrivalText(10, 1)].map(arrivalIn);
    expect(arrivals.map((arrival) => termOf(arrival as bigint))).toEqual([1, 1, 2, 10]);
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
