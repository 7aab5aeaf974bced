import { type Dependency, ENTITY_TYPES } from '@dbem/db-event';
import type { ThriftReader } from '../binary-protocol/thrift-reader';
import { ThriftType } from '../binary-protocol/thrift-type';
import type { ThriftWriter } from '../binary-protocol/thrift-writer';
import { entityTypeOf } from './wire-enums';

/** Writes a `list<DBEventDependency>`. */
export function writeDependencies(writer: ThriftWriter, dependencies: readonly Dependency[]): void {
  writer.writeListBegin(ThriftType.STRUCT, dependencies.length);
  for (const { publisher, entityType, entityId, minimumVersion } of dependencies) {
    writer.writeFieldBegin('publisherService', ThriftType.STRING, 1);
    writer.writeString(publisher);
    writer.writeFieldBegin('entityType', ThriftType.I32, 2);
    writer.writeI32(ENTITY_TYPES.indexOf(entityType));
    writer.writeFieldBegin('entityId', ThriftType.STRING, 3);
    writer.writeString(entityId);
    if (minimumVersion !== undefined) {
      writer.writeFieldBegin('version', ThriftType.I64, 4);
      writer.writeI64(minimumVersion);
    }
    writer.writeFieldStop();
  }
}

/** Reads a `list<DBEventDependency>`. */
export function readDependencies(reader: ThriftReader): Dependency[] {
  const { etype, size } = reader.readListBegin();
  if (etype !== ThriftType.STRUCT) reader.fail(`dependencies of the Thrift type ${etype}`);
  const dependencies = Array.from({ length: size }, () => readDependency(reader));
  reader.readListEnd();
  return dependencies;
}

function readDependency(reader: ThriftReader): Dependency {
  let publisher: string | undefined;
  let entityType: number | undefined;
  let entityId: string | undefined;
  let minimumVersion: bigint | undefined;
  reader.readStructBegin();
  for (;;) {
    const { ftype, fid } = reader.readFieldBegin();
    if (ftype === ThriftType.STOP) break;
    if (fid === 1 && ftype === ThriftType.STRING) publisher = reader.readString();
    else if (fid === 2 && ftype === ThriftType.I32) entityType = reader.readI32();
    else if (fid === 3 && ftype === ThriftType.STRING) entityId = reader.readString();
    else if (fid === 4 && ftype === ThriftType.I64) minimumVersion = reader.readI64();
    else reader.skip(ftype);
  }
  reader.readStructEnd();
  if (publisher === undefined) return reader.fail('a DBEventDependency without its field publisherService');
  if (entityType === undefined) return reader.fail('a DBEventDependency without its field entityType');
  if (entityId === undefined) return reader.fail('a DBEventDependency without its field entityId');
  if (minimumVersion !== undefined && minimumVersion <= 0n) return reader.fail(`a version of ${minimumVersion}`);
  return { publisher, entityType: entityTypeOf(entityType), entityId, minimumVersion };
}
