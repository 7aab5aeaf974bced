import { describe, expect, it } from 'vitest';
import { firstVersionOfEpoch } from './version';

describe('firstVersionOfEpoch', () => {
  it('starts at 1', () => {
    expect(firstVersionOfEpoch(0)).toBe(1n);
  });

  it('leaves room for 500 billion changes in a minute, and fits into 63 bits for 30 years', () => {
    const now = Date.UTC(2026, 10, 1);
    expect(firstVersionOfEpoch(now + 60_000) - firstVersionOfEpoch(now)).toBeGreaterThan(500_000_000_000n);
    expect(firstVersionOfEpoch(Date.UTC(2056, 0, 1))).toBeLessThan(2n ** 63n);
  });
});
