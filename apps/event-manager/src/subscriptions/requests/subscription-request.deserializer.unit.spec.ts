import { encodeEvent, encodeSubscriptionRequest } from '@dbem/entity-codec';
import { describe, expect, it } from 'vitest';
import { SubscriptionRequestDeserializer } from './subscription-request.deserializer';

const REQUEST = { publisher: 'registry', subscriber: 'sharing', declareQueue: true } as const;

describe('SubscriptionRequestDeserializer', () => {
  const deserializer = new SubscriptionRequestDeserializer();

  it('SubscriptionRequestDeserializer returns the pattern of the requested action', () => {
    const bodies = (['SUBSCRIBE', 'UNSUBSCRIBE'] as const).map((action) =>
      encodeSubscriptionRequest({ action, ...REQUEST }),
    );
    expect(bodies.map((body) => deserializer.deserialize(body))).toMatchObject([
      { pattern: 'subscribe', data: REQUEST },
      { pattern: 'unsubscribe', data: { publisher: 'registry', subscriber: 'sharing' } },
    ]);
  });

  it('SubscriptionRequestDeserializer returns the reason why a message is not a request', () => {
    const event = encodeEvent({ publisher: 'a', entityType: 'TENANT', crudType: 'CREATE', entity: Buffer.alloc(0) });
    expect([event, Buffer.from('none')].map((body) => deserializer.deserialize(body))).toMatchObject([
      { pattern: 'unreadable', data: { code: 'MESSAGE_TYPE_UNKNOWN' } },
      { pattern: 'unreadable', data: { code: 'MESSAGE_MALFORMED' } },
    ]);
  });
});
