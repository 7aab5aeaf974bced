import type { ThriftReader } from '../binary-protocol/thrift-reader';

/** A time in ms since 1970, as a number that holds it exactly. */
export function readTime(reader: ThriftReader): number {
  const value = reader.readI64();
  const time = Number(value);
  return Number.isSafeInteger(time) ? time : reader.fail(`a time of ${value} ms`);
}
