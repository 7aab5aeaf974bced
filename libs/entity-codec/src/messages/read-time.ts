import type { ThriftReader } from '../binary-protocol/thrift-reader';

/** The largest time that a `Date` can represent, ms. */
const MAX_TIME_MS = 8.64e15;

/** Reads a time, ms since 1970. Fails if a `Date` can't represent it: its text would throw wherever it is shown. */
export function readTime(reader: ThriftReader): number {
  const value = reader.readI64();
  const time = Number(value);
  return Math.abs(time) <= MAX_TIME_MS ? time : reader.fail(`a time of ${value} ms`);
}
