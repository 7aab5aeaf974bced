import { describe, expect, it } from 'vitest';
import { decodeRolloutMessage, encodeRolloutMessage, type RolloutMessage } from './rollout-message';

describe('rollout messages', () => {
  it('A rollout message is decoded as it was encoded, with every field of its subscriptions', () => {
    const message: RolloutMessage = {
      kind: 'report',
      round: 'r',
      replyTo: 'q',
      report: {
        publisher: 'user.profile',
        revision: 2n ** 60n + 1n,
        subscriptions: [
          { publisher: 'user.profile', subscriber: 'sharing', entityTypes: ['TENANT'], heartbeats: true },
          { publisher: 'user.profile', subscriber: 'registry', pauses: [{ by: 'ada', sinceMs: 1 }], generation: '7' },
        ],
      },
    };
    expect(decodeRolloutMessage(encodeRolloutMessage(message))).toEqual(message);
  });
});
