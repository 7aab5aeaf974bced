import { describe, expect, it } from 'vitest';
import { numberOf, publishedAtMsOf, publishMark } from './publish-mark';

describe('publishMark', () => {
  it('A publish mark contains the number and the time of a publish', () => {
    const now = Date.now();
    for (const number of [1, 35, 36, 1_000_000, Number.MAX_SAFE_INTEGER]) {
      const mark = publishMark(number, now);
      expect([numberOf(mark), publishedAtMsOf(mark)]).toEqual([number, now]);
    }
  });

  it.each([undefined, 7, '', '7', 'airavata', '1.2.3', `1.${'z'.repeat(20)}`, '.kf12oi00'])(
    'The application id %j is not read as a publish mark',
    (appId) => {
      expect(publishedAtMsOf(appId)).toBeUndefined();
    },
  );
});
