import type { DbEvent, Dependency } from '@dbem/db-event';
import type { ThriftReader } from '../binary-protocol/thrift-reader';
import { ThriftType } from '../binary-protocol/thrift-type';
import { readDependencies } from './dependencies';
import { readTime } from './read-time';
import { crudTypeOf, entityTypeOf } from './wire-enums';

/** An event; its publisher is set later, because it follows the context in the message. */
export type PublisherContext = { -readonly [Key in keyof DbEvent]: DbEvent[Key] };

/** Reads a `DBEventPublisher`, which contains only its context. */
export function readPublisherContext(reader: ThriftReader): PublisherContext {
  let context: PublisherContext | undefined;
  reader.readStructBegin();
  for (;;) {
    const { ftype, fid } = reader.readFieldBegin();
    if (ftype === ThriftType.STOP) break;
    if (fid === 1 && ftype === ThriftType.STRUCT) context = readContext(reader);
    else reader.skip(ftype);
  }
  reader.readStructEnd();
  return context ?? reader.fail('a DBEventPublisher without its field publisherContext');
}

function readContext(reader: ThriftReader): PublisherContext {
  let crudType: number | undefined;
  let entityType: number | undefined;
  let entity: Buffer | undefined;
  let eventId: string | undefined;
  let entityId: string | undefined;
  let version: bigint | undefined;
  let changeTimeMs: number | undefined;
  let dependencies: Dependency[] | undefined;
  let isHeartbeat = false;
  let recipient: string | undefined;
  let repairNumber: bigint | undefined;
  reader.readStructBegin();
  for (;;) {
    const { ftype, fid } = reader.readFieldBegin();
    if (ftype === ThriftType.STOP) break;
    if (fid === 1 && ftype === ThriftType.I32) crudType = reader.readI32();
    else if (fid === 2 && ftype === ThriftType.I32) entityType = reader.readI32();
    else if (fid === 3 && ftype === ThriftType.STRING) entity = reader.readBinary();
    else if (fid === 101 && ftype === ThriftType.STRING) eventId = reader.readString();
    else if (fid === 102 && ftype === ThriftType.STRING) entityId = reader.readString();
    else if (fid === 103 && ftype === ThriftType.I64) version = reader.readI64();
    else if (fid === 104 && ftype === ThriftType.I64) changeTimeMs = readTime(reader);
    else if (fid === 105 && ftype === ThriftType.LIST) dependencies = readDependencies(reader);
    else if (fid === 110 && ftype === ThriftType.BOOL) isHeartbeat = reader.readBool();
    else if (fid === 111 && ftype === ThriftType.STRING) recipient = reader.readString();
    else if (fid === 112 && ftype === ThriftType.I64) repairNumber = reader.readI64();
    else reader.skip(ftype);
  }
  reader.readStructEnd();
  if (crudType === undefined) return reader.fail('a publisher context without its field crudType');
  if (entityType === undefined) return reader.fail('a publisher context without its field entityType');
  if (entity === undefined) return reader.fail('a publisher context without its field entityDataModel');
  if (version !== undefined && version <= 0n) return reader.fail(`a version of ${version}`);
  if ((version === undefined) !== (entityId === undefined)) return reader.fail('only one of version and entityId');
  if (dependencies !== undefined && version === undefined) return reader.fail('dependencies without a version');
  // Fields are assigned one by one for speed: every event is decoded here, in the manager and in each subscriber.
  const context: PublisherContext = {
    publisher: '',
    crudType: crudTypeOf(crudType),
    entityType: entityTypeOf(entityType),
    entity,
    eventId,
    entityId,
    version,
    changeTimeMs,
  };
  if (dependencies !== undefined && dependencies.length > 0) context.dependencies = dependencies;
  if (isHeartbeat) context.isHeartbeat = isHeartbeat;
  if (recipient !== undefined) context.recipient = recipient;
  if (repairNumber !== undefined) context.repairNumber = repairNumber;
  return context;
}
