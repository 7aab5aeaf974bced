import { expect, it } from 'vitest';
import { type DeferredEventRow, deferredEventOf } from './deferred-event';

const row: DeferredEventRow = {
  publisher: 'registry',
  entity_type: 'PROJECT',
  entity_id: 'p',
  version: '9007199254740993',
  awaited_publisher: 'sharing',
  awaited_type: 'GROUP',
  awaited_id: 'g',
  awaited_version: '7',
  deferred_since: new Date(1_000),
  message_id: 'registry:7',
  content_type: 'text/plain',
  headers: { traceparent: 't' },
  body: Buffer.from([1]),
};

it('A deferred event is read with its original delivery and the dependency that it waits for', () => {
  expect(deferredEventOf(row)).toStrictEqual({
    change: { publisher: 'registry', entityType: 'PROJECT', entityId: 'p', version: 9_007_199_254_740_993n },
    waitsFor: { publisher: 'sharing', entityType: 'GROUP', entityId: 'g', minimumVersion: 7n },
    deferredSince: new Date(1_000),
    delivery: {
      body: Buffer.from([1]),
      headers: { traceparent: 't' },
      exchange: '',
      routingKey: '',
      redelivered: true,
      messageId: 'registry:7',
      contentType: 'text/plain',
    },
  });
});

it('A deferred event without awaited version, message id and content type has none of these fields', () => {
  const { waitsFor, delivery } = deferredEventOf({
    ...row,
    awaited_version: null,
    message_id: null,
    content_type: null,
  });
  expect(waitsFor.minimumVersion).toBeUndefined();
  expect(Object.keys(delivery)).toEqual(['body', 'headers', 'exchange', 'routingKey', 'redelivered']);
});
