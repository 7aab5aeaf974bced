import { setMaxListeners } from 'node:events';
import type { Log } from '@dbem/runtime';
import { Backoff, Linger, pause } from '@dbem/runtime';
import type { Channel, ConsumeMessage, Message } from 'amqplib';
import Denque from 'denque';
import { deliveriesIn } from '../../batches/deliveries-in';
import type { BatchHandler, ConsumeOptions, Delivery, OutgoingMessage } from '../../broker.port';
import { type Arrival, Arrivals, type Unacknowledged } from './arrivals';
import { deliveryOf, type RepeatedTexts } from './delivery-of';

export type SessionOptions = Required<Omit<ConsumeOptions, 'readFrom' | 'linger' | 'batches'>> &
  Pick<ConsumeOptions, 'linger' | 'batches'>;

/**
 * The messages of one consumer on one channel, from arrival to acknowledgement. A lost channel ends the session: the
 * broker redelivers what was not acknowledged, and the session acknowledges nothing more.
 *
 * A message is acknowledged when all of its deliveries are handled, whether or not those before it are: one that takes
 * long holds up no other.
 */
export class ConsumerSession {
  private readonly arrivals: Arrivals;
  /** In order of arrival; the first one is not finished. */
  private readonly unacknowledged = new Denque<Unacknowledged>();
  private readonly running = new Set<Promise<void>>();
  private batchesInFlight = 0;
  private readonly ended = new AbortController();
  private readonly repeated: RepeatedTexts = {};
  private isPumpScheduled = false;
  private readonly linger: Linger | undefined;
  private lingerTimer: NodeJS.Timeout | undefined;
  private readonly draining = new AbortController();

  constructor(
    private readonly channel: Channel,
    private readonly handler: BatchHandler,
    private readonly publish: (message: OutgoingMessage) => Promise<void>,
    private readonly options: SessionOptions,
    private readonly backoff: Backoff,
    private readonly log: Log,
  ) {
    setMaxListeners(0, this.ended.signal);
    this.arrivals = new Arrivals(options.batches !== undefined);
    if (options.linger !== undefined) this.linger = new Linger(options.linger);
  }

  /** No delivery is being handled or awaits its acknowledgement. */
  get isIdle(): boolean {
    return this.unacknowledged.length === 0;
  }

  /** Adds a message. The deliveries of one socket read are handled together, as far as a batch has room. */
  push(message: ConsumeMessage): void {
    if (this.ended.signal.aborted) return;
    const delivery = deliveryOf(message, this.repeated);
    const received: Unacknowledged = { deliveryTag: message.fields.deliveryTag, left: 1, isAnswered: false };
    this.unacknowledged.push(received);
    if (this.options.batches !== undefined && this.isTakenApart(delivery, received)) return;
    const count = this.arrivals.push({ delivery, message: received });
    this.options.batches?.onReceived?.(count, delivery.body.length);
    this.schedulePump();
  }

  /** To be called when the channel is lost or about to be closed: no more deliveries are handled or acknowledged. */
  end(): void {
    this.ended.abort();
    this.arrivals.clear();
    clearTimeout(this.lingerTimer);
  }

  /** Starts no new batch; resolves when the running ones are handled and acknowledged. */
  async drain(): Promise<void> {
    this.draining.abort();
    this.arrivals.clear();
    while (this.running.size > 0) await Promise.all(this.running);
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
      const batch = this.arrivals.take(this.options.maxBatch);
      this.linger?.begin();
      this.linger?.record(batch.length);
      this.batchesInFlight += 1;
      const handling = this.handle(batch).finally(() => {
        this.batchesInFlight -= 1;
        this.pump();
      });
      this.track(handling);
    }
  }

  private track(work: Promise<void>): void {
    const tracked = work.finally(() => this.running.delete(tracked));
    this.running.add(tracked);
  }

  /** Whether a batch that is not full waits for more deliveries; if so, a timer starts it. */
  private lingers(): boolean {
    const waitMs = this.arrivals.length < this.options.maxBatch ? (this.linger?.waitMs ?? 0) : 0;
    if (waitMs === 0) return false;
    this.lingerTimer ??= setTimeout(() => {
      this.lingerTimer = undefined;
      this.pump();
    }, waitMs);
    return true;
  }

  private get canStartBatch(): boolean {
    if (this.draining.signal.aborted || this.arrivals.length === 0) return false;
    const { maxBatch, maxBatchesInFlight, fullBatchesAhead } = this.options;
    const limit = this.arrivals.length < maxBatch ? maxBatchesInFlight : maxBatchesInFlight + fullBatchesAhead;
    return this.batchesInFlight < limit;
  }

  private async handle(batch: readonly Arrival[]): Promise<void> {
    try {
      await this.handler(
        batch.map(({ delivery }) => delivery),
        this.ended.signal,
      );
      this.backoff.reset();
      for (const { message } of batch) message.left -= 1;
      this.acknowledge(new Set(batch.map(({ message }) => message)));
    } catch (error) {
      await this.beforeRequeueing(error, batch.length);
      this.requeue(new Set(batch.map(({ message }) => message)));
    }
  }

  /** While the session drains, others should get the deliveries at once. */
  private async beforeRequeueing(error: unknown, deliveries: number): Promise<void> {
    if (this.draining.signal.aborted) return;
    this.log.warn({ err: error, deliveries }, 'could not handle deliveries; requeueing them');
    await pause(this.backoff.next(), AbortSignal.any([this.ended.signal, this.draining.signal]));
  }

  /** Begins to take a batch apart if it was delivered before. */
  private isTakenApart(delivery: Delivery, message: Unacknowledged): boolean {
    const alone = this.options.batches?.alone;
    if (!delivery.redelivered || alone === undefined) return false;
    const elements = deliveriesIn(delivery);
    if (elements.length === 1) return false;
    this.track(this.takeApart(elements.map(alone), message));
    return true;
  }

  /** Returns each element of a redelivered batch to the queue, by itself. */
  private async takeApart(elements: readonly OutgoingMessage[], message: Unacknowledged): Promise<void> {
    try {
      await Promise.all(elements.map((element) => this.publish(element)));
      message.left = 0;
      this.acknowledge([message]);
    } catch (error) {
      this.log.warn({ err: error, events: elements.length }, 'could not take a batch apart; requeueing it');
      await pause(this.backoff.next(), this.ended.signal);
      this.requeue([message]);
    }
  }

  /** Acknowledges those of these messages that are handled: the oldest together, each other one by itself. */
  private acknowledge(messages: Iterable<Unacknowledged>): void {
    if (this.ended.signal.aborted) return;
    const last = this.dropFinished();
    if (last !== undefined) this.channel.ack(ackTargetOf(last), true);
    const acknowledgedTo = last?.deliveryTag ?? 0;
    for (const message of messages) {
      if (message.left > 0 || message.isAnswered || message.deliveryTag <= acknowledgedTo) continue;
      this.channel.ack(ackTargetOf(message));
      message.isAnswered = true;
    }
  }

  /** Drops the finished messages at the front. @returns the last one that is to be acknowledged. */
  private dropFinished(): Unacknowledged | undefined {
    let last: Unacknowledged | undefined;
    for (;;) {
      const first = this.unacknowledged.peekFront();
      if (first === undefined || (first.left > 0 && !first.isAnswered)) return last;
      if (!first.isAnswered) last = first;
      this.unacknowledged.shift();
    }
  }

  private requeue(messages: Iterable<Unacknowledged>): void {
    if (this.ended.signal.aborted) return;
    for (const message of messages) {
      if (message.isAnswered) continue;
      message.isAnswered = true;
      this.channel.nack(ackTargetOf(message), false, true);
    }
    this.acknowledge([]);
  }
}

/** All that amqplib reads from a message to acknowledge it. */
function ackTargetOf({ deliveryTag }: Unacknowledged): Message {
  return { fields: { deliveryTag } } as Message;
}
