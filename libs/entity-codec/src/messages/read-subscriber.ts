import type { EntityType } from '@dbem/db-event';
import type { ThriftReader } from '../binary-protocol/thrift-reader';
import { ThriftType } from '../binary-protocol/thrift-type';
import type { SubscriptionRequest } from './message';
import { readTime } from './read-time';
import { ACTION_SUBSCRIBE, ACTION_UNSUBSCRIBE, entityTypeOf, unknown } from './wire-enums';

export type Subscriber = Omit<SubscriptionRequest, 'publisher'>;

/** Reads a `DBEventSubscriber`. */
export function readSubscriber(reader: ThriftReader): Subscriber {
  let subscriber: string | undefined;
  let action = ACTION_SUBSCRIBE;
  let entityTypes: EntityType[] | undefined;
  let declareQueue = false;
  let heartbeats = false;
  let messageFormat: number | undefined;
  let backfill: EntityType[] | undefined;
  let rebuiltSinceMs: number | undefined;
  reader.readStructBegin();
  for (;;) {
    const { ftype, fid } = reader.readFieldBegin();
    if (ftype === ThriftType.STOP) break;
    if (fid === 1 && ftype === ThriftType.STRING) subscriber = reader.readString();
    else if (fid === 101 && ftype === ThriftType.I32) action = reader.readI32();
    else if (fid === 102 && ftype === ThriftType.LIST) entityTypes = readEntityTypes(reader);
    else if (fid === 103 && ftype === ThriftType.BOOL) declareQueue = reader.readBool();
    else if (fid === 110 && ftype === ThriftType.BOOL) heartbeats = reader.readBool();
    else if (fid === 113 && ftype === ThriftType.I32) messageFormat = reader.readI32();
    else if (fid === 111 && ftype === ThriftType.LIST) backfill = readEntityTypes(reader);
    else if (fid === 112 && ftype === ThriftType.I64) rebuiltSinceMs = readTime(reader);
    else reader.skip(ftype);
  }
  reader.readStructEnd();
  if (subscriber === undefined) return reader.fail('a DBEventSubscriber without its field subscriberService');
  return {
    subscriber,
    action: actionOf(action),
    entityTypes,
    declareQueue,
    ...(heartbeats && { heartbeats }),
    ...(messageFormat !== undefined && { messageFormat }),
    ...(backfill !== undefined && { backfill }),
    ...(rebuiltSinceMs !== undefined && { rebuiltSinceMs }),
  };
}

function readEntityTypes(reader: ThriftReader): EntityType[] {
  const { etype, size } = reader.readListBegin();
  if (etype !== ThriftType.I32) reader.fail(`entity types of the Thrift type ${etype}`);
  const entityTypes = Array.from({ length: size }, () => entityTypeOf(reader.readI32()));
  reader.readListEnd();
  return entityTypes;
}

function actionOf(value: number): SubscriptionRequest['action'] {
  if (value === ACTION_SUBSCRIBE) return 'SUBSCRIBE';
  if (value === ACTION_UNSUBSCRIBE) return 'UNSUBSCRIBE';
  return unknown('MESSAGE_TYPE_UNKNOWN', 'subscription action', value);
}
