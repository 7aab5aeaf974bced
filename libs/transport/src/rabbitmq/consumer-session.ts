import type { Log } from '@dbem/runtime';
import { Backoff, Linger, pause } from '@dbem/runtime';
import type { Channel, ConsumeMessage, Message } from 'amqplib';
import type { BatchHandler, ConsumeOptions, Delivery } from '../broker.port';
import { deliveryOf, type RepeatedTexts } from './delivery-of';

/** Of what the library hands over only this is kept: the rest is as large again, and would grow old with the batch. */
interface Entry {
  readonly delivery: Delivery;
  readonly deliveryTag: number;
  state: 'waiting' | 'done' | 'returned';
}

export type SessionOptions = Required<Omit<ConsumeOptions, 'readFrom' | 'linger'>> & Pick<ConsumeOptions, 'linger'>;

/**
 * The deliveries of one consumer on one channel, from their arrival to their acknowledgement. When the channel is lost the
 * session is over: the broker delivers again what was not acknowledged, and nothing is acknowledged here any more.
 *
 * Acknowledgements are cumulative, so they go out in order: a batch that is done early waits for those before it.
 */
export class ConsumerSession {
  private readonly buffer: Entry[] = [];
  /** What was handed to the handler or returned, and not acknowledged, in order of delivery. */
  private unsettled: Entry[] = [];
  private readonly inFlight = new Set<Promise<void>>();
  private readonly over = new AbortController();
  private readonly repeated: RepeatedTexts = {};
  private isPumpScheduled = false;
  private readonly linger: Linger | undefined;
  private pacing: NodeJS.Timeout | undefined;
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

  /** Nothing is being handled, and nothing waits for its acknowledgement. */
  get isIdle(): boolean {
    return this.buffer.length === 0 && this.unsettled.length === 0;
  }

  /** A delivery has arrived. Those that arrive in one read of the socket become one batch. */
  push(message: ConsumeMessage): void {
    if (this.over.signal.aborted) return;
    const delivery = deliveryOf(message, this.repeated);
    this.buffer.push({ delivery, deliveryTag: message.fields.deliveryTag, state: 'waiting' });
    this.schedulePump();
  }

  /** The channel is lost, or is about to be closed: nothing is handled or acknowledged any more. */
  end(): void {
    this.over.abort();
    this.buffer.length = 0;
    clearTimeout(this.pacing);
  }

  /** No new batch is begun; resolves when those under way are handled and acknowledged. */
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
    while (this.mayBegin && !this.isEarly()) {
      const batch = this.buffer.splice(0, this.options.maxBatch);
      this.linger?.begin();
      this.linger?.record(batch.length);
      this.unsettled.push(...batch);
      const handling = this.handle(batch).finally(() => {
        this.inFlight.delete(handling);
        this.pump();
      });
      this.inFlight.add(handling);
    }
  }

  /** Whether a batch that is not full waits for more; then it begins by itself when it is time. */
  private isEarly(): boolean {
    const waitMs = this.buffer.length < this.options.maxBatch ? (this.linger?.waitMs ?? 0) : 0;
    if (waitMs === 0) return false;
    this.pacing ??= setTimeout(() => {
      this.pacing = undefined;
      this.pump();
    }, waitMs);
    return true;
  }

  private get mayBegin(): boolean {
    if (this.isDraining || this.buffer.length === 0) return false;
    const { maxBatch, maxBatchesInFlight, fullBatchesAhead } = this.options;
    const most = this.buffer.length < maxBatch ? maxBatchesInFlight : maxBatchesInFlight + fullBatchesAhead;
    return this.inFlight.size < most;
  }

  private async handle(batch: readonly Entry[]): Promise<void> {
    try {
      await this.handler(batch.map(({ delivery }) => delivery));
      this.backoff.reset();
      for (const entry of batch) entry.state = 'done';
      this.acknowledge();
    } catch (error) {
      this.log.warn(
        { err: error, deliveries: batch.length },
        'could not handle deliveries: returning them to the queue',
      );
      await pause(this.backoff.next(), this.over.signal);
      this.giveBack(batch);
    }
  }

  private acknowledge(): void {
    let settled = 0;
    let last: Entry | undefined;
    for (const entry of this.unsettled) {
      if (entry.state === 'waiting') break;
      if (entry.state === 'done') last = entry;
      settled += 1;
    }
    this.unsettled = this.unsettled.slice(settled);
    if (last !== undefined && !this.over.signal.aborted) this.channel.ack(receiptOf(last), true);
  }

  private giveBack(batch: readonly Entry[]): void {
    for (const entry of batch) {
      entry.state = 'returned';
      if (!this.over.signal.aborted) this.channel.nack(receiptOf(entry), false, true);
    }
    this.acknowledge();
  }
}

/** What the library wants to see of a message to acknowledge it. */
function receiptOf({ deliveryTag }: Entry): Message {
  return { fields: { deliveryTag } } as Message;
}
