import { describe, expect, it } from 'vitest';
import { firstVersionOfEpoch } from './version';

describe('firstVersionOfEpoch', () => {
  it('firstVersionOfEpoch starts at 1', () => {
    expect(firstVersionOfEpoch(0)).toBe(1n);
  });

  it('firstVersionOfEpoch leaves 500 billion versions per minute, and fits in 63 bits until 2056', () => {
    const now = Date.UTC(2026, 10, 1);
    expect(firstVersionOfEpoch(now + 60_000) - firstVersionOfEpoch(now)).toBeGreaterThan(500_000_000_000n);
    expect(firstVersionOfEpoch(Date.UTC(2056, 0, 1))).toBeLessThan(2n ** 63n);
  });
});
