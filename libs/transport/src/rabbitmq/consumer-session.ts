import type { Log } from '@dbem/runtime';
import { Backoff, Linger, pause } from '@dbem/runtime';
import type { Channel, ConsumeMessage, Message } from 'amqplib';
import type { BatchHandler, ConsumeOptions, Delivery } from '../broker.port';
import { deliveryOf, type RepeatedTexts } from './delivery-of';

/** Only part of amqplib's message: the rest is as large again, and would reach the old generation with the batch. */
interface Entry {
  readonly delivery: Delivery;
  readonly deliveryTag: number;
  state: 'waiting' | 'done' | 'requeued';
}

export type SessionOptions = Required<Omit<ConsumeOptions, 'readFrom' | 'linger'>> & Pick<ConsumeOptions, 'linger'>;

/**
 * The deliveries of one consumer on one channel, from arrival to acknowledgement. A lost channel ends the session: the
 * broker redelivers what was not acknowledged, and the session acknowledges nothing more.
 *
 * Acknowledgements are cumulative, so they are sent in order: a batch that finishes early waits for those before it.
 */
export class ConsumerSession {
  private readonly buffer: Entry[] = [];
  /** Passed to the handler or requeued, but not acknowledged yet; in delivery order. */
  private unacknowledged: Entry[] = [];
  private readonly inFlight = new Set<Promise<void>>();
  private readonly ended = new AbortController();
  private readonly repeated: RepeatedTexts = {};
  private isPumpScheduled = false;
  private readonly linger: Linger | undefined;
  private lingerTimer: NodeJS.Timeout | undefined;
  private isDraining = false;

  constructor(
    private readonly channel: Channel,
    private readonly handler: BatchHandler,
    private readonly options: SessionOptions,
    private readonly backoff: Backoff,
    private readonly log: Log,
  ) {
    if (options.linger !== undefined) this.linger = new Linger(options.linger);
  }

  /** No delivery is being handled or awaits its acknowledgement. */
  get isIdle(): boolean {
    return this.buffer.length === 0 && this.unacknowledged.length === 0;
  }

  /** Adds a delivery. Deliveries that arrive in one socket read become one batch. */
  push(message: ConsumeMessage): void {
    if (this.ended.signal.aborted) return;
    const delivery = deliveryOf(message, this.repeated);
    this.buffer.push({ delivery, deliveryTag: message.fields.deliveryTag, state: 'waiting' });
    this.schedulePump();
  }

  /** To be called when the channel is lost or about to be closed: no more deliveries are handled or acknowledged. */
  end(): void {
    this.ended.abort();
    this.buffer.length = 0;
    clearTimeout(this.lingerTimer);
  }

  /** Starts no new batch; resolves when the running ones are handled and acknowledged. */
  async drain(): Promise<void> {
    this.isDraining = true;
    this.buffer.length = 0;
    while (this.inFlight.size > 0) await Promise.all(this.inFlight);
  }

  private schedulePump(): void {
    if (this.isPumpScheduled) return;
    this.isPumpScheduled = true;
    setImmediate(() => {
      this.isPumpScheduled = false;
      this.pump();
    });
  }

  private pump(): void {
    while (this.canStartBatch && !this.lingers()) {
      const batch = this.buffer.splice(0, this.options.maxBatch);
      this.linger?.begin();
      this.linger?.record(batch.length);
      this.unacknowledged.push(...batch);
      const handling = this.handle(batch).finally(() => {
        this.inFlight.delete(handling);
        this.pump();
      });
      this.inFlight.add(handling);
    }
  }

  /** Whether a batch that is not full waits for more deliveries; if so, a timer starts it. */
  private lingers(): boolean {
    const waitMs = this.buffer.length < this.options.maxBatch ? (this.linger?.waitMs ?? 0) : 0;
    if (waitMs === 0) return false;
    this.lingerTimer ??= setTimeout(() => {
      this.lingerTimer = undefined;
      this.pump();
    }, waitMs);
    return true;
  }

  private get canStartBatch(): boolean {
    if (this.isDraining || this.buffer.length === 0) return false;
    const { maxBatch, maxBatchesInFlight, fullBatchesAhead } = this.options;
    const limit = this.buffer.length < maxBatch ? maxBatchesInFlight : maxBatchesInFlight + fullBatchesAhead;
    return this.inFlight.size < limit;
  }

  private async handle(batch: readonly Entry[]): Promise<void> {
    try {
      await this.handler(batch.map(({ delivery }) => delivery));
      this.backoff.reset();
      for (const entry of batch) entry.state = 'done';
      this.acknowledge();
    } catch (error) {
      this.log.warn({ err: error, deliveries: batch.length }, 'could not handle deliveries; requeueing them');
      await pause(this.backoff.next(), this.ended.signal);
      this.requeue(batch);
    }
  }

  private acknowledge(): void {
    let finished = 0;
    let last: Entry | undefined;
    for (const entry of this.unacknowledged) {
      if (entry.state === 'waiting') break;
      if (entry.state === 'done') last = entry;
      finished += 1;
    }
    this.unacknowledged = this.unacknowledged.slice(finished);
    if (last !== undefined && !this.ended.signal.aborted) this.channel.ack(ackTargetOf(last), true);
  }

  private requeue(batch: readonly Entry[]): void {
    for (const entry of batch) {
      entry.state = 'requeued';
      if (!this.ended.signal.aborted) this.channel.nack(ackTargetOf(entry), false, true);
    }
    this.acknowledge();
  }
}

/** All that amqplib reads from a message to acknowledge it. */
function ackTargetOf({ deliveryTag }: Entry): Message {
  return { fields: { deliveryTag } } as Message;
}
