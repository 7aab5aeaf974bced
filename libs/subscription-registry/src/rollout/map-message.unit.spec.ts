import { describe, expect, it } from 'vitest';
import { decodeMapMessage, encodeMapMessage, type MapMessage } from './map-message';

describe('map messages', () => {
  it('A map message is decoded as it was encoded, with every field of its subscriptions', () => {
    const message: MapMessage = {
      kind: 'report',
      round: 'r',
      replyTo: 'q',
      report: {
        publisher: 'user.profile',
        revision: 2n ** 60n + 1n,
        subscriptions: [
          { publisher: 'user.profile', subscriber: 'sharing', entityTypes: ['TENANT'], heartbeats: true },
          { publisher: 'user.profile', subscriber: 'registry', delivery: 'paused' },
        ],
      },
    };
    expect(decodeMapMessage(encodeMapMessage(message))).toEqual(message);
  });
});
