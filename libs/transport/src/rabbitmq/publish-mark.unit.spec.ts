import { describe, expect, it } from 'vitest';
import { publishedAtMsOf, publishMark } from './publish-mark';

describe('publishMark', () => {
  it('tells when a message was published, whatever its number', () => {
    const now = Date.now();
    for (const number of [1, 35, 36, 1_000_000, Number.MAX_SAFE_INTEGER]) {
      expect(publishedAtMsOf(publishMark(number, now))).toBe(now);
    }
  });

  it.each([undefined, 7, '', '7', 'airavata', '1.2.3', `1.${'z'.repeat(20)}`, '.kf12oi00'])(
    'reads nothing out of %j',
    (appId) => {
      expect(publishedAtMsOf(appId)).toBeUndefined();
    },
  );
});
