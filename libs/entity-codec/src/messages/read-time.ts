import type { ThriftReader } from '../binary-protocol/thrift-reader';

/** Reads a time, ms since 1970. Fails if a number can't represent it exactly. */
export function readTime(reader: ThriftReader): number {
  const value = reader.readI64();
  const time = Number(value);
  return Number.isSafeInteger(time) ? time : reader.fail(`a time of ${value} ms`);
}
