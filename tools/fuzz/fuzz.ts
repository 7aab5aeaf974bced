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
import {
  BATCH_CONTENT_TYPE,
  BATCH_HEADER_BYTES,
  type Delivery,
  decodeBatch,
  deliveriesIn,
  waitingElement,
} from '@dbem/transport';
import { Consumers } from './consumers';
import { batchOf, inputOf } from './fuzz-inputs';

export interface FuzzOptions {
  readonly inputs: number;
  readonly seed: number;
}

export interface FuzzReport {
  readonly inputs: number;
  readonly ms: number;
  /** Each with the seed and the inputs that reproduce it. Empty if there were none. */
  readonly faults: readonly string[];
  /** Maximum CPU time of the decoders for one input, ms. */
  readonly slowestMs: number;
  /** Maximum growth of the heap while one input was decoded, bytes. */
  readonly largestAllocation: number;
  /** Growth of the heap from the end of the warm-up to the end, both after a garbage collection, bytes. */
  readonly heapGrowth: number;
  /** Number of successful decodings. */
  readonly decoded: number;
  /** Number of parked inputs by consumer and reason code. */
  readonly parked: Readonly<Record<string, number>>;
}

const BATCH = 200;
/** Batches of events per `BATCH` of inputs. */
const BATCHES = 40;
const WARM_UP = 10_000;
const MAX_FAULTS = 10;

/** Generous, and in CPU time, because other processes share the machine. */
const MAX_CPU_MS_PER_INPUT = 2_000;
const MAX_ALLOCATION = 32 * 1024 * 1024;
const MAX_HEAP_GROWTH = 48 * 1024 * 1024;

const ENTITY_CODECS = [userProfileCodec, gatewayCodec, groupCodec, projectCodec];

/**
 * Feeds invalid inputs to the decoders, the intake and the applier. Each must be decoded or rejected with a
 * DbEventError; intake and applier must handle each one without throwing; time and memory must stay bounded.
 */
export async function fuzz({ inputs, seed }: FuzzOptions): Promise<FuzzReport> {
  const collectGarbage = garbageCollector();
  const consumers = await Consumers.start();
  const decoding = new Decoding(seed);
  const startedAtMs = Date.now();
  let baseline: number | undefined;
  let number = 0;
  while (number < inputs && decoding.faults.length < MAX_FAULTS) {
    const batch = Array.from({ length: Math.min(BATCH, inputs - number) }, (_, index) => inputOf(seed, number + index));
    batch.forEach((delivery, index) => {
      decoding.decode(delivery, number + index);
    });
    const fault =
      (await consumers.handleMessages(batch)) ?? (await consumers.handleElements(elementsOf(seed, number, decoding)));
    if (fault !== undefined)
      decoding.faults.push(`seed ${seed}, inputs ${number} to ${number + batch.length}: ${fault}`);
    number += batch.length;
    if (baseline === undefined && number >= WARM_UP) baseline = heapAfter(collectGarbage);
  }
  const heapGrowth = baseline === undefined ? 0 : heapAfter(collectGarbage) - baseline;
  if (heapGrowth > MAX_HEAP_GROWTH) decoding.faults.push(`the heap grew by ${heapGrowth} bytes`);
  const { faults, slowestMs, largestAllocation, decoded } = decoding;
  const parked = consumers.parkedByReason;
  return {
    inputs: number,
    ms: Date.now() - startedAtMs,
    faults,
    slowestMs,
    largestAllocation,
    heapGrowth,
    decoded,
    parked,
  };
}

/** The elements of some batches, each of which must be complete. */
function elementsOf(seed: number, first: number, { faults }: Decoding): Delivery[] {
  return Array.from({ length: BATCHES }, (_, index) => first + index).flatMap((number) => {
    const body = batchOf(seed, number);
    const { elements, unreadable } = decodeBatch(body);
    const parts = [
      ...elements.map(({ encoded, waiting }) => (waiting ? waitingElement(encoded, waiting) : encoded)),
      ...unreadable.map(({ bytes }) => bytes),
    ];
    const size = parts.reduce((total, { length }) => total + length, 0);
    // In text that was not UTF-8, a replacement character is longer than the byte that it stands for.
    const isText = elements.every(({ waiting }) => !`${waiting?.recipient}${waiting?.generation}`.includes('\uFFFD'));
    if (isText && size !== body.length && size !== body.length - BATCH_HEADER_BYTES) {
      faults.push(`seed ${seed}, batch ${number}: ${size} of ${body.length} bytes are in its parts`);
    }
    const message = {
      body,
      contentType: BATCH_CONTENT_TYPE,
      headers: {},
      exchange: '',
      routingKey: '',
      redelivered: false,
    };
    return deliveriesIn(message);
  });
}

class Decoding {
  readonly faults: string[] = [];
  slowestMs = 0;
  largestAllocation = 0;
  decoded = 0;

  constructor(private readonly seed: number) {}

  decode({ body }: Delivery, number: number): void {
    const before = process.cpuUsage();
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
    const { user, system } = process.cpuUsage(before);
    const ms = (user + system) / 1_000;
    const allocation = heapUsed() - heap;
    this.slowestMs = Math.max(this.slowestMs, ms);
    this.largestAllocation = Math.max(this.largestAllocation, allocation);
    if (ms > MAX_CPU_MS_PER_INPUT) this.faults.push(`seed ${this.seed}, input ${number}: took ${ms} ms of CPU time`);
    if (allocation > MAX_ALLOCATION)
      this.faults.push(`seed ${this.seed}, input ${number}: allocated ${allocation} bytes`);
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

/** Fifty times faster than `process.memoryUsage`, which also makes system calls. */
function heapUsed(): number {
  return getHeapStatistics().used_heap_size;
}
