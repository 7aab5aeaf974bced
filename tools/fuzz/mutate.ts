import type { Random } from './random';

const THRIFT_TYPES = [0, 2, 3, 4, 6, 8, 10, 11, 12, 13, 14, 15, 16, 255] as const;
const NUMBERS = [0, 1, -1, 2, 127, 128, 255, 256, 65_535, 65_536, 0x0fffffff, 0x7fffffff, -0x80000000] as const;

type Mutation = (bytes: Buffer, random: Random, other: Buffer) => Buffer;

const MUTATIONS: readonly Mutation[] = [
  flipBits,
  flipBits,
  overwriteByte,
  overwriteByte,
  truncate,
  splice,
  overwriteNumber,
  overwriteType,
  removeChunk,
  repeatChunk,
  nest,
  append,
];

/** Applies one to four mutations, usually one, to a copy of the bytes. */
export function mutate(bytes: Buffer, random: Random, other: Buffer): Buffer {
  let mutated = Buffer.from(bytes);
  for (let left = random.below(3) === 0 ? 1 + random.below(4) : 1; left > 0; left -= 1)
    mutated = Buffer.from(random.pick(MUTATIONS)(mutated, random, other));
  return mutated;
}

function flipBits(bytes: Buffer, random: Random): Buffer {
  for (let left = random.below(3) === 0 ? 1 + random.below(8) : 1; left > 0 && bytes.length > 0; left -= 1) {
    const place = random.below(bytes.length);
    bytes[place] = (bytes[place] as number) ^ (1 << random.below(8));
  }
  return bytes;
}

function overwriteByte(bytes: Buffer, random: Random): Buffer {
  if (bytes.length > 0)
    bytes[random.below(bytes.length)] = random.below(3) === 0 ? random.below(16) : random.below(256);
  return bytes;
}

function truncate(bytes: Buffer, random: Random): Buffer {
  return bytes.subarray(0, random.below(bytes.length + 1));
}

function splice(bytes: Buffer, random: Random, other: Buffer): Buffer {
  return Buffer.concat([
    bytes.subarray(0, random.below(bytes.length + 1)),
    other.subarray(random.below(other.length + 1)),
  ]);
}

/** Lengths, counts, enum values, times. */
function overwriteNumber(bytes: Buffer, random: Random): Buffer {
  if (bytes.length < 4) return bytes;
  const place = random.below(bytes.length - 3);
  bytes.writeInt32BE(random.below(4) === 0 ? bytes.length : random.pick(NUMBERS), place);
  return bytes;
}

function overwriteType(bytes: Buffer, random: Random): Buffer {
  if (bytes.length > 0) bytes[random.below(bytes.length)] = random.pick(THRIFT_TYPES);
  return bytes;
}

function removeChunk(bytes: Buffer, random: Random): Buffer {
  const start = random.below(bytes.length + 1);
  return Buffer.concat([bytes.subarray(0, start), bytes.subarray(start + random.below(16))]);
}

function repeatChunk(bytes: Buffer, random: Random): Buffer {
  const start = random.below(bytes.length + 1);
  const chunk = bytes.subarray(start, start + 1 + random.below(32));
  const repeated = Array.from({ length: 1 + random.below(64) }, () => chunk);
  return Buffer.concat([bytes.subarray(0, start), ...repeated, bytes.subarray(start)]);
}

/** Structs within structs, lists within lists, maps within maps. */
function nest(bytes: Buffer, random: Random): Buffer {
  const level = random.pick([
    [12, 0, 99],
    [15, 0, 99, 15, 0, 0, 0, 1],
    [15, 0, 99, 12, 0, 0, 0, 1],
    [13, 0, 99, 13, 13, 0, 0, 0, 1],
  ]);
  const levels = Buffer.concat(Array.from({ length: 1 + random.below(200) }, () => Buffer.from(level)));
  const start = random.below(bytes.length + 1);
  return Buffer.concat([bytes.subarray(0, start), levels, bytes.subarray(start)]);
}

function append(bytes: Buffer, random: Random): Buffer {
  return Buffer.concat([bytes, random.bytes(random.below(64))]);
}
