import { CRUD_TYPES, DbEventError, ENTITY_TYPES } from '@dbem/db-event';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DBEventMessage, Message } from '../../generated/db_event_types';
import { ThriftReader } from '../binary-protocol/thrift-reader';
import { decodeMessage, MAX_MESSAGE_BYTES } from './decode-message';
import { encodeEvent, encodeSubscriptionRequest } from './encode-message';
import { decodeReply, encodeReply } from './reply';

const serviceName = fc.stringMatching(/^[a-z]{1,12}(\.[a-z]{1,8})?$/);
const entityType = fc.constantFrom(...ENTITY_TYPES);

const legacyEvent = fc.record({
  publisher: serviceName,
  entityType,
  crudType: fc.constantFrom(...CRUD_TYPES),
  entity: fc.uint8Array({ maxLength: 600 }).map((bytes) => Buffer.from(bytes)),
});

const dependency = fc.record({
  publisher: serviceName,
  entityType,
  entityId: fc.string({ unit: 'grapheme', minLength: 1 }),
  minimumVersion: fc.option(fc.bigInt({ min: 1n, max: 2n ** 63n - 1n }), { nil: undefined }),
});

const event = fc
  .record({
    legacy: legacyEvent,
    eventId: fc.string({ unit: 'grapheme' }),
    entityId: fc.string({ unit: 'grapheme', minLength: 1 }),
    version: fc.bigInt({ min: 1n, max: 2n ** 63n - 1n }),
    changeTimeMs: fc.integer({ min: 0, max: 8.64e15 }),
    dependencies: fc.option(fc.array(dependency, { minLength: 1, maxLength: 5 }), { nil: undefined }),
  })
  .map(({ legacy, ...additions }) => ({ ...legacy, ...additions }));

const request = fc.record({
  action: fc.constantFrom('SUBSCRIBE' as const, 'UNSUBSCRIBE' as const),
  publisher: serviceName,
  subscriber: serviceName,
  entityTypes: fc.option(fc.array(entityType, { minLength: 1 }), { nil: undefined }),
  declareQueue: fc.boolean(),
});

function faultOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof DbEventError) return error.code;
    throw error;
  }
  return 'none';
}

describe('decodeMessage', () => {
  it('decodeMessage decodes every event as it was encoded', () => {
    fc.assert(
      fc.property(fc.oneof(legacyEvent, event), (original) => {
        const message = decodeMessage(encodeEvent(original));
        expect(message.kind === 'event' && message.event).toEqual(original);
      }),
    );
  });

  it('decodeMessage decodes every subscription request as it was encoded', () => {
    fc.assert(
      fc.property(request, (original) => {
        const message = decodeMessage(encodeSubscriptionRequest(original));
        expect(message.kind === 'subscription' && message.request).toEqual(original);
      }),
    );
  });

  it('decodeMessage rejects a time that no Date can represent, because its text would throw wherever it is shown', () => {
    const original = { publisher: 'a', entityType: 'TENANT', crudType: 'CREATE', entity: Buffer.alloc(0) } as const;
    expect(() => decodeMessage(encodeEvent({ ...original, changeTimeMs: 9e15 }))).toThrow(
      'a time of 9000000000000000 ms',
    );
  });

  it('encodeEvent writes bytes that the generated stubs can read', () => {
    fc.assert(
      fc.property(event, (original) => {
        const outer = new Message();
        outer.read(new ThriftReader(encodeEvent(original), 'MESSAGE_MALFORMED'));
        const inner = new DBEventMessage();
        inner.read(new ThriftReader(outer.event, 'MESSAGE_MALFORMED'));
        const context = inner.messageContext.publisher?.publisherContext;
        expect(outer.messageId).toBe('');
        expect(inner.publisherService).toBe(original.publisher);
        expect(context?.version).toBe(original.version);
        expect(context?.entityId).toBe(original.entityId);
        expect(context?.entityDataModel).toEqual(original.entity);
        expect(
          context?.dependencies?.map(({ entityId, version }) => ({ entityId, version: version ?? undefined })),
        ).toEqual(
          original.dependencies?.map(({ entityId, minimumVersion }) => ({ entityId, version: minimumVersion })),
        );
      }),
    );
  });

  it('decodeMessage decodes any bytes or rejects them with a DbEventError, never with another error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        faultOf(() => decodeMessage(Buffer.from(bytes)));
      }),
      { numRuns: 20_000 },
    );
  });

  it('decodeMessage decodes a damaged event or rejects it with a DbEventError, never with another error', () => {
    const damage = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 4 });
    // Each event is damaged in several ways, because generating one takes far longer than decoding it.
    const damages = fc.array(damage, { minLength: 10, maxLength: 10 });
    fc.assert(
      fc.property(event, damages, (original, ways) => {
        const undamaged = encodeEvent(original);
        for (const changes of ways) {
          const body = Buffer.from(undamaged);
          for (const [place, value] of changes) body[place % body.length] = value;
          faultOf(() => decodeMessage(body));
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('decodeMessage rejects a message that is cut off at any byte', () => {
    const body = encodeSubscriptionRequest({
      action: 'UNSUBSCRIBE',
      publisher: 'user.profile',
      subscriber: 'sharing',
      entityTypes: ['GROUP'],
      declareQueue: true,
    });
    for (let length = 0; length < body.length; length += 1) {
      expect(faultOf(() => decodeMessage(body.subarray(0, length)))).toBe('MESSAGE_MALFORMED');
    }
  });

  it.each([
    ['bytes that are not Thrift', Buffer.from('this is not Thrift'), 'MESSAGE_MALFORMED'],
    ['an empty message', Buffer.alloc(0), 'MESSAGE_MALFORMED'],
    ['a length of 2 GiB', Buffer.from('0b00017fffffff', 'hex'), 'MESSAGE_MALFORMED'],
    ['a negative length', Buffer.from('0b0001ffffffff', 'hex'), 'MESSAGE_MALFORMED'],
    ['a list of 2 billion elements', Buffer.from('0f006308 7fffffff'.replace(' ', ''), 'hex'), 'MESSAGE_MALFORMED'],
    ['deeply nested structs', Buffer.from('0c0063'.repeat(5_000), 'hex'), 'MESSAGE_MALFORMED'],
    ['deeply nested lists', Buffer.from(`0f0063${'0f00000001'.repeat(5_000)}`, 'hex'), 'MESSAGE_MALFORMED'],
    ['bytes after the end', Buffer.concat([encodeEvent(anEvent()), Buffer.from([0])]), 'MESSAGE_MALFORMED'],
    ['a message of more than the allowed size', Buffer.alloc(MAX_MESSAGE_BYTES + 1), 'MESSAGE_TOO_LARGE'],
    [
      'an unknown entity type',
      patched(encodeEvent(anEvent()), '080002 00000003', '080002 00000063'),
      'ENTITY_TYPE_UNKNOWN',
    ],
    [
      'an unknown CRUD type',
      patched(encodeEvent(anEvent()), '080001 00000002', '080001 00000009'),
      'CRUD_TYPE_UNKNOWN',
    ],
    [
      'another message type',
      patched(encodeEvent(anEvent()), '080003 00000008', '080003 00000000'),
      'MESSAGE_TYPE_UNKNOWN',
    ],
    [
      'dependencies without a version',
      encodeEvent({
        ...anEvent(),
        dependencies: [{ publisher: 'user.profile', entityType: 'USER_PROFILE', entityId: 'u' }],
      }),
      'MESSAGE_MALFORMED',
    ],
    ['a service name that is not UTF-8', patched(encodeEvent(anEvent()), '726567', 'ff6567'), 'MESSAGE_MALFORMED'],
  ])('decodeMessage rejects %s', (_what, body, code) => {
    expect(faultOf(() => decodeMessage(body))).toBe(code);
  });
});

describe('decodeReply', () => {
  it('decodeReply decodes every reply as it was encoded', () => {
    for (const reply of [
      { status: 'ACCEPTED', services: ['registry', 'sharing'] },
      { status: 'ACCEPTED', services: [] },
      { status: 'REJECTED', code: 'MAP_UNAVAILABLE', reason: 'ZooKeeper can’t be reached', retryable: true },
    ] as const) {
      expect(decodeReply(encodeReply(reply))).toEqual(reply);
    }
  });

  it('decodeReply rejects a reply without a status', () => {
    expect(faultOf(() => decodeReply(Buffer.from([0])))).toBe('MESSAGE_MALFORMED');
  });
});

function anEvent() {
  return { publisher: 'registry', entityType: 'PROJECT', crudType: 'UPDATE', entity: Buffer.from('x') } as const;
}

function patched(body: Buffer, from: string, to: string): Buffer {
  const before = body.toString('hex');
  const after = before.replace(from.replaceAll(' ', ''), to.replaceAll(' ', ''));
  if (after === before) throw new Error('the bytes to patch were not found');
  return Buffer.from(after, 'hex');
}
