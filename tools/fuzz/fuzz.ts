import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { DbEventError } from '@dbem/db-event';
import {
  decodeMessage,
  decodeReply,
  gatewayCodec,
  groupCodec,
  projectCodec,
  userProfileCodec,
} from '@dbem/entity-codec';
import type { Delivery } from '@dbem/transport';
import { Consumers } from './consumers';
import { inputOf } from './fuzz-inputs';

export interface FuzzOptions {
  readonly inputs: number;
  readonly seed: number;
}

export interface FuzzReport {
  readonly inputs: number;
  readonly ms: number;
  /** What was wrong: how to see it again. Empty if all is well. */
  readonly faults: readonly string[];
  /** The most CPU time that the decoders took for one input, ms. */
  readonly slowestMs: number;
  /** The most that the heap grew while one input was decoded, bytes. */
  readonly largestAllocation: number;
  /** By how much the heap was larger at the end than after the first inputs, both after a collection, bytes. */
  readonly heapGrowth: number;
  /** How many inputs were decoded. */
  readonly decoded: number;
  /** For what reasons the intake and the applier parked, and how often. */
  readonly parked: Readonly<Record<string, number>>;
}

const BATCH = 200;
const WARM_UP = 10_000;
const MAX_FAULTS = 10;

/** Generous, and in CPU time: machines are noisy and shared. */
const MAX_CPU_MS_PER_INPUT = 2_000;
const MAX_ALLOCATION = 32 * 1024 * 1024;
const MAX_HEAP_GROWTH = 48 * 1024 * 1024;

const ENTITY_CODECS = [userProfileCodec, gatewayCodec, groupCodec, projectCodec];

/**
 * Gives wrong inputs to the decoders, to the intake and to the applier. Each must be decoded, or refused with a
 * DbEventError; intake and applier must settle each one and throw nothing; time and memory must stay bounded.
 */
export async function fuzz({ inputs, seed }: FuzzOptions): Promise<FuzzReport> {
  const collectGarbage = garbageCollector();
  const consumers = await Consumers.start();
  const decoding = new Decoding(seed);
  const begun = Date.now();
  let baseline: number | undefined;
  let number = 0;
  while (number < inputs && decoding.faults.length < MAX_FAULTS) {
    const batch = Array.from({ length: Math.min(BATCH, inputs - number) }, (_, index) => inputOf(seed, number + index));
    batch.forEach((delivery, index) => {
      decoding.decode(delivery, number + index);
    });
    const fault = await consumers.take(batch);
    if (fault !== undefined)
      decoding.faults.push(`seed ${seed}, inputs ${number} to ${number + batch.length}: ${fault}`);
    number += batch.length;
    if (baseline === undefined && number >= WARM_UP) baseline = heapAfter(collectGarbage);
  }
  const heapGrowth = baseline === undefined ? 0 : heapAfter(collectGarbage) - baseline;
  if (heapGrowth > MAX_HEAP_GROWTH) decoding.faults.push(`the heap grew by ${heapGrowth} bytes`);
  const { faults, slowestMs, largestAllocation, decoded } = decoding;
  const parked = consumers.parkedByReason;
  return { inputs: number, ms: Date.now() - begun, faults, slowestMs, largestAllocation, heapGrowth, decoded, parked };
}

class Decoding {
  readonly faults: string[] = [];
  slowestMs = 0;
  largestAllocation = 0;
  decoded = 0;

  constructor(private readonly seed: number) {}

  decode({ body }: Delivery, number: number): void {
    const begun = process.cpuUsage();
    const heap = heapUsed();
    this.attempt(number, () => {
      const message = decodeMessage(body);
      if (message.kind !== 'event') return;
      for (const codec of ENTITY_CODECS) {
        if (codec.entityType === message.event.entityType) codec.decode(message.event.entity);
      }
    });
    this.attempt(number, () => decodeReply(body));
    for (const codec of ENTITY_CODECS) this.attempt(number, () => codec.decode(body));
    const { user, system } = process.cpuUsage(begun);
    const ms = (user + system) / 1_000;
    const allocation = heapUsed() - heap;
    this.slowestMs = Math.max(this.slowestMs, ms);
    this.largestAllocation = Math.max(this.largestAllocation, allocation);
    if (ms > MAX_CPU_MS_PER_INPUT) this.faults.push(`seed ${this.seed}, input ${number}: took ${ms} ms of CPU time`);
    if (allocation > MAX_ALLOCATION) this.faults.push(`seed ${this.seed}, input ${number}: took ${allocation} bytes`);
  }

  private attempt(number: number, decode: () => unknown): void {
    try {
      decode();
      this.decoded += 1;
    } catch (error) {
      if (error instanceof DbEventError) return;
      this.faults.push(`seed ${this.seed}, input ${number}: ${(error as Error).stack ?? error}`);
    }
  }
}

function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}

function heapAfter(collectGarbage: () => void): number {
  collectGarbage();
  return heapUsed();
}

/** `process.memoryUsage` says the same, at fifty times the time: it asks the system as well. */
function heapUsed(): number {
  return getHeapStatistics().used_heap_size;
}
