import { CRUD_TYPES, type DbEvent, ENTITY_TYPES, type EntityType } from '@dbem/db-event';
import { ThriftType } from '../binary-protocol/thrift-type';
import { ThriftWriter } from '../binary-protocol/thrift-writer';
import { writeDependencies } from './dependencies';
import type { SubscriptionRequest } from './message';
import {
  ACTION_UNSUBSCRIBE,
  DB_EVENT_TYPE_PUBLISHER,
  DB_EVENT_TYPE_SUBSCRIBER,
  MESSAGE_TYPE_DB_EVENT,
} from './wire-enums';

/** Encodes the AMQP body of an event. With only the legacy fields it equals a legacy service's body byte for byte. */
export function encodeEvent(event: DbEvent): Buffer {
  return encodeMessage(DB_EVENT_TYPE_PUBLISHER, event.publisher, (writer) => {
    writer.writeFieldBegin('publisher', ThriftType.STRUCT, 1);
    writer.writeFieldBegin('publisherContext', ThriftType.STRUCT, 1);
    writeI32Field(writer, 1, CRUD_TYPES.indexOf(event.crudType));
    writeI32Field(writer, 2, ENTITY_TYPES.indexOf(event.entityType));
    writer.writeFieldBegin('entityDataModel', ThriftType.STRING, 3);
    writer.writeBinary(event.entity);
    if (event.eventId !== undefined) writeStringField(writer, 101, event.eventId);
    if (event.entityId !== undefined) writeStringField(writer, 102, event.entityId);
    if (event.version !== undefined) writeI64Field(writer, 103, event.version);
    if (event.changeTimeMs !== undefined) writeI64Field(writer, 104, BigInt(event.changeTimeMs));
    if (event.dependencies !== undefined) {
      writer.writeFieldBegin('dependencies', ThriftType.LIST, 105);
      writeDependencies(writer, event.dependencies);
    }
    if (event.isHeartbeat) writeTrueField(writer, 110);
    if (event.recipient !== undefined) writeStringField(writer, 111, event.recipient);
    if (event.repairNumber !== undefined) writeI64Field(writer, 112, event.repairNumber);
    writer.writeFieldStop();
    writer.writeFieldStop();
  });
}

/** Encodes the AMQP body of a subscription request. A plain SUBSCRIBE equals a legacy service's byte for byte. */
export function encodeSubscriptionRequest(request: SubscriptionRequest): Buffer {
  return encodeMessage(DB_EVENT_TYPE_SUBSCRIBER, request.publisher, (writer) => {
    writer.writeFieldBegin('subscriber', ThriftType.STRUCT, 2);
    writeStringField(writer, 1, request.subscriber);
    if (request.action === 'UNSUBSCRIBE') writeI32Field(writer, 101, ACTION_UNSUBSCRIBE);
    if (request.entityTypes !== undefined) writeEntityTypesField(writer, 102, request.entityTypes);
    if (request.declareQueue) writeTrueField(writer, 103);
    if (request.heartbeats) writeTrueField(writer, 110);
    if (request.messageFormat !== undefined) writeI32Field(writer, 113, request.messageFormat);
    if (request.backfill !== undefined) writeEntityTypesField(writer, 111, request.backfill);
    if (request.rebuiltSinceMs !== undefined) writeI64Field(writer, 112, BigInt(request.rebuiltSinceMs));
    writer.writeFieldStop();
  });
}

/** Writes a `Message` with a `DBEventMessage` with the context that `writeContext` writes. */
function encodeMessage(dbEventType: number, publisher: string, writeContext: (writer: ThriftWriter) => void): Buffer {
  const writer = new ThriftWriter();
  writer.writeFieldBegin('event', ThriftType.STRING, 1);
  writer.writeNested(() => {
    writeI32Field(writer, 1, dbEventType);
    writer.writeFieldBegin('messageContext', ThriftType.STRUCT, 2);
    writeContext(writer);
    writer.writeFieldStop();
    writeStringField(writer, 3, publisher);
    writer.writeFieldStop();
  });
  writeStringField(writer, 2, '');
  writeI32Field(writer, 3, MESSAGE_TYPE_DB_EVENT);
  writer.writeFieldStop();
  return writer.finish();
}

function writeI32Field(writer: ThriftWriter, id: number, value: number): void {
  writer.writeFieldBegin('', ThriftType.I32, id);
  writer.writeI32(value);
}

function writeI64Field(writer: ThriftWriter, id: number, value: bigint): void {
  writer.writeFieldBegin('', ThriftType.I64, id);
  writer.writeI64(value);
}

function writeTrueField(writer: ThriftWriter, id: number): void {
  writer.writeFieldBegin('', ThriftType.BOOL, id);
  writer.writeBool(true);
}

function writeEntityTypesField(writer: ThriftWriter, id: number, entityTypes: readonly EntityType[]): void {
  writer.writeFieldBegin('', ThriftType.LIST, id);
  writer.writeListBegin(ThriftType.I32, entityTypes.length);
  for (const entityType of entityTypes) writer.writeI32(ENTITY_TYPES.indexOf(entityType));
}

function writeStringField(writer: ThriftWriter, id: number, value: string): void {
  writer.writeFieldBegin('', ThriftType.STRING, id);
  writer.writeString(value);
}
