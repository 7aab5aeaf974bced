import { type DbEvent, DbEventError } from '@dbem/db-event';
import { ThriftReader } from '../binary-protocol/thrift-reader';
import { ThriftType } from '../binary-protocol/thrift-type';
import type { DecodedMessage, SubscriptionRequest } from './message';
import { type PublisherContext, readPublisherContext } from './read-publisher-context';
import { readSubscriber, type Subscriber } from './read-subscriber';
import { DB_EVENT_TYPE_PUBLISHER, DB_EVENT_TYPE_SUBSCRIBER, MESSAGE_TYPE_DB_EVENT, unknown } from './wire-enums';

/** Maximum size of a message, bytes. */
export const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;

/**
 * Decodes the envelope of a message of the wire contract. The entity is not decoded; it is a view of `body`.
 *
 * @throws DbEventError MESSAGE_TOO_LARGE; MESSAGE_MALFORMED (truncated, not Thrift, a required field is missing, not
 *   UTF-8); MESSAGE_TYPE_UNKNOWN, CRUD_TYPE_UNKNOWN, ENTITY_TYPE_UNKNOWN (an enum value that the contract lacks).
 */
export function decodeMessage(body: Buffer): DecodedMessage {
  if (body.length > MAX_MESSAGE_BYTES) {
    throw new DbEventError(
      'MESSAGE_TOO_LARGE',
      `The message has ${body.length} bytes; the maximum is ${MAX_MESSAGE_BYTES}`,
    );
  }
  return decodeDbEventMessage(readEventBytes(body));
}

/** Returns `Message.event`, after validating the other fields. */
function readEventBytes(body: Buffer): Buffer {
  const reader = new ThriftReader(body, 'MESSAGE_MALFORMED');
  let event: Buffer | undefined;
  let messageType: number | undefined;
  let hasMessageId = false;
  for (;;) {
    const { ftype, fid } = reader.readFieldBegin();
    if (ftype === ThriftType.STOP) break;
    if (fid === 1 && ftype === ThriftType.STRING) event = reader.readBinary();
    else if (fid === 3 && ftype === ThriftType.I32) messageType = reader.readI32();
    else {
      if (fid === 2 && ftype === ThriftType.STRING) hasMessageId = true;
      reader.skip(ftype);
    }
  }
  reader.expectEnd();
  if (event === undefined) return reader.fail('a Message without its field event');
  if (!hasMessageId) return reader.fail('a Message without its field messageId');
  if (messageType === undefined) return reader.fail('a Message without its field messageType');
  if (messageType !== MESSAGE_TYPE_DB_EVENT)
    unknown('MESSAGE_TYPE_UNKNOWN', 'message type for an event manager', messageType);
  return event;
}

function decodeDbEventMessage(bytes: Buffer): DecodedMessage {
  const reader = new ThriftReader(bytes, 'MESSAGE_MALFORMED');
  let dbEventType: number | undefined;
  let context: MessageContext = {};
  let publisher: string | undefined;
  for (;;) {
    const { ftype, fid } = reader.readFieldBegin();
    if (ftype === ThriftType.STOP) break;
    if (fid === 1 && ftype === ThriftType.I32) dbEventType = reader.readI32();
    else if (fid === 2 && ftype === ThriftType.STRUCT) context = readMessageContext(reader);
    else if (fid === 3 && ftype === ThriftType.STRING) publisher = reader.readString();
    else reader.skip(ftype);
  }
  reader.expectEnd();
  if (publisher === undefined) return reader.fail('a DBEventMessage without its field publisherService');
  switch (dbEventType) {
    case DB_EVENT_TYPE_PUBLISHER:
      if (context.publisher === undefined) return reader.fail('a publisher event without its context');
      return { kind: 'event', event: eventOf(publisher, context.publisher) };
    case DB_EVENT_TYPE_SUBSCRIBER:
      if (context.subscriber === undefined) return reader.fail('a subscriber event without its context');
      return { kind: 'subscription', request: requestOf(publisher, context.subscriber) };
    case undefined:
      return reader.fail('a DBEventMessage without its field dbEventType');
    default:
      return unknown('MESSAGE_TYPE_UNKNOWN', 'event type', dbEventType);
  }
}

interface MessageContext {
  publisher?: PublisherContext;
  subscriber?: Subscriber;
}

function readMessageContext(reader: ThriftReader): MessageContext {
  const context: MessageContext = {};
  reader.readStructBegin();
  for (;;) {
    const { ftype, fid } = reader.readFieldBegin();
    if (ftype === ThriftType.STOP) break;
    if (fid === 1 && ftype === ThriftType.STRUCT) context.publisher = readPublisherContext(reader);
    else if (fid === 2 && ftype === ThriftType.STRUCT) context.subscriber = readSubscriber(reader);
    else reader.skip(ftype);
  }
  reader.readStructEnd();
  return context;
}

function eventOf(publisher: string, context: PublisherContext): DbEvent {
  context.publisher = publisher;
  return context;
}

function requestOf(publisher: string, subscriber: Subscriber): SubscriptionRequest {
  return { publisher, ...subscriber };
}
