import { setMaxListeners } from 'node:events';
import { type Backoff, type Log, pause } from '@dbem/runtime';
import type { Channel, ConsumeMessage, Message } from 'amqplib';
import type { OrderedChannel, OrderedHandler, OutgoingMessage } from '../../broker.port';
import { type Arrival, Arrivals } from './arrivals';
import { deliveryOf, type RepeatedTexts } from './delivery-of';

export interface OrderedSessionOptions {
  readonly channel: Channel;
  readonly handler: OrderedHandler;
  readonly maxBatch: number;
  readonly publish: (message: OutgoingMessage) => Promise<void>;
  /** Between a failure and `onFailed`; reset by each success. */
  readonly backoff: Backoff;
  /** Some deliveries are not done: the channel is to be replaced. */
  readonly onFailed: () => void;
  readonly log: Log;
}

/**
 * The messages of an ordered consumer on one channel. They are acknowledged in their order; after a failure none is
 * handled any more, because the broker delivers all that are not acknowledged again once this channel is closed.
 */
export class OrderedSession {
  private readonly arrivals = new Arrivals(true);
  private readonly repeated: RepeatedTexts = {};
  private readonly lost = new AbortController();
  private readonly draining = new AbortController();
  private handling: Promise<void> | undefined;
  private readonly channel: OrderedChannel;

  constructor(private readonly options: OrderedSessionOptions) {
    const { channel, publish } = options;
    setMaxListeners(0, this.lost.signal);
    this.channel = {
      ended: this.lost.signal,
      publish,
      // Needs no permission, and is answered only by a channel that is open.
      affirm: async () => {
        await channel.prefetch(options.maxBatch);
      },
    };
  }

  /** No delivery is being handled or waits. */
  get isIdle(): boolean {
    return this.handling === undefined && this.arrivals.length === 0;
  }

  push(message: ConsumeMessage): void {
    if (this.lost.signal.aborted || this.draining.signal.aborted) return;
    const received = { deliveryTag: message.fields.deliveryTag, left: 1, isAnswered: false };
    this.arrivals.push({ delivery: deliveryOf(message, this.repeated), message: received });
    // In the next turn, so that the messages of one socket read are handled together.
    this.handling ??= new Promise<void>((resolve) => setImmediate(resolve))
      .then(() => this.handleAll())
      .finally(() => {
        this.handling = undefined;
      });
  }

  /** To be called when the channel is lost: nothing more is handled or acknowledged. */
  end(): void {
    this.lost.abort();
    this.arrivals.clear();
  }

  /** Resolves when the running handler call has ended and is acknowledged; starts no other. */
  async drain(): Promise<void> {
    this.draining.abort();
    this.arrivals.clear();
    await this.handling;
  }

  private async handleAll(): Promise<void> {
    const { maxBatch, backoff, onFailed } = this.options;
    while (this.arrivals.length > 0) {
      const batch = this.arrivals.take(maxBatch);
      const done = await this.handle(batch);
      this.acknowledge(batch.slice(0, done));
      if (done > 0) backoff.reset();
      if (done === batch.length) continue;
      this.arrivals.clear();
      await pause(backoff.next(), AbortSignal.any([this.lost.signal, this.draining.signal]));
      if (!this.lost.signal.aborted) onFailed();
      return;
    }
  }

  private async handle(batch: readonly Arrival[]): Promise<number> {
    try {
      return await this.options.handler(
        batch.map(({ delivery }) => delivery),
        this.channel,
      );
    } catch (error) {
      this.options.log.warn({ err: error, deliveries: batch.length }, 'could not handle deliveries in order');
      return 0;
    }
  }

  private acknowledge(done: readonly Arrival[]): void {
    if (this.lost.signal.aborted) return;
    for (const { message } of done) message.left -= 1;
    const last = done.findLast(({ message }) => message.left === 0)?.message;
    if (last !== undefined) this.options.channel.ack({ fields: { deliveryTag: last.deliveryTag } } as Message, true);
  }
}
