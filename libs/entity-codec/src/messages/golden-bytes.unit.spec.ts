import { describe, expect, it } from 'vitest';
import { decodeMessage } from './decode-message';
import { encodeEvent, encodeSubscriptionRequest } from './encode-message';

/** Builds bytes as defined by the contract, field by field, independent of our writer. */
function hex(...parts: string[]): Buffer {
  return Buffer.from(parts.join('').replaceAll(' ', ''), 'hex');
}

const DB_EVENT_MESSAGE_OF_A_LEGACY_PUBLISHER = [
  '08 0001 00000000', // 1: dbEventType = PUBLISHER
  '0c 0002', // 2: messageContext, a union:
  '0c 0001', //   1: publisher, a struct:
  '0c 0001', //     1: publisherContext, a struct:
  '08 0001 00000002', //       1: crudType = UPDATE
  '08 0002 00000001', //       2: entityType = TENANT
  '0b 0003 00000003 010203', //       3: entityDataModel, three bytes
  '00 00 00',
  '0b 0003 00000006 74656e616e74', // 3: publisherService = "tenant"
  '00',
].join('');

const DB_EVENT_MESSAGE_OF_A_LEGACY_SUBSCRIBER = [
  '08 0001 00000001', // 1: dbEventType = SUBSCRIBER
  '0c 0002', // 2: messageContext, a union:
  '0c 0002', //   2: subscriber, a struct:
  '0b 0001 00000007 73686172696e67', //     1: subscriberService = "sharing"
  '00 00',
  '0b 0003 0000000c 757365722e70726f66696c65', // 3: publisherService = "user.profile"
  '00',
].join('');

function legacyMessage(dbEventMessage: string): Buffer {
  const event = hex(dbEventMessage);
  const length = event.length.toString(16).padStart(8, '0');
  return hex(
    `0b 0001 ${length}`, // 1: event
    dbEventMessage,
    '0b 0002 00000000', // 2: messageId = ""
    '08 0003 00000008', // 3: messageType = DB_EVENT
    '00',
  );
}

describe('wire contract', () => {
  it('encodeEvent writes an event without our additions byte for byte like a legacy service', () => {
    const body = encodeEvent({
      publisher: 'tenant',
      entityType: 'TENANT',
      crudType: 'UPDATE',
      entity: Buffer.from([1, 2, 3]),
    });
    expect(body.toString('hex')).toBe(legacyMessage(DB_EVENT_MESSAGE_OF_A_LEGACY_PUBLISHER).toString('hex'));
  });

  it('encodeSubscriptionRequest writes a plain request byte for byte like a legacy service', () => {
    const body = encodeSubscriptionRequest({
      action: 'SUBSCRIBE',
      publisher: 'user.profile',
      subscriber: 'sharing',
      declareQueue: false,
    });
    expect(body.toString('hex')).toBe(legacyMessage(DB_EVENT_MESSAGE_OF_A_LEGACY_SUBSCRIBER).toString('hex'));
  });

  it('decodeMessage reads the event of a legacy publisher', () => {
    expect(decodeMessage(legacyMessage(DB_EVENT_MESSAGE_OF_A_LEGACY_PUBLISHER))).toEqual({
      kind: 'event',
      event: { publisher: 'tenant', entityType: 'TENANT', crudType: 'UPDATE', entity: Buffer.from([1, 2, 3]) },
    });
  });

  it('decodeMessage reads the subscription request of a legacy subscriber', () => {
    expect(decodeMessage(legacyMessage(DB_EVENT_MESSAGE_OF_A_LEGACY_SUBSCRIBER))).toEqual({
      kind: 'subscription',
      request: { action: 'SUBSCRIBE', publisher: 'user.profile', subscriber: 'sharing', declareQueue: false },
    });
  });

  it('decodeMessage returns the entity as a view of the message, not as a copy', () => {
    const body = legacyMessage(DB_EVENT_MESSAGE_OF_A_LEGACY_PUBLISHER);
    const message = decodeMessage(body);
    if (message.kind !== 'event') throw new Error('not an event');
    expect(message.event.entity.buffer).toBe(body.buffer);
  });
});
