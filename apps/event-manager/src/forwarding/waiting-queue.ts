import { setMaxListeners } from 'node:events';
import { DbEventError } from '@dbem/db-event';
import { Backoff, type Log, pause } from '@dbem/runtime';
import {
  type BatchHandler,
  type Broker,
  type Consumption,
  type Delivery,
  emptinessOf,
  MANAGER_ROUTING_KEY,
  MAX_UNCONFIRMED_MESSAGES,
  type OrderedHandler,
  OrderedSender,
  parkedMessage,
  type QueueContents,
  type QueueState,
  Sender,
} from '@dbem/transport';
import Denque from 'denque';
import type { CaughtUpConsumer } from './caught-up-consumer';
import type { ForwardedEvent } from './forwarded-event';
import { ReturnedEvent, returnedEventIn } from './returned-event';
import { WrittenEvent } from './written-event';

/** Messages in hand. Few, because they stay in memory as long as their destination takes nothing. */
const PREFETCH = 16;

/**
 * How long events stay in hand, ms. Then they return to the queue, before the broker considers this consumer stuck (its
 * `consumer_timeout` is 30 minutes by default) and closes its channel.
 */
const HOLD_MS = 10 * 60_000;

/** How often to look whether the consumer is registered, ms. */
const CHECK_INTERVAL_MS = 20;

/** How often to look whether a queue is empty, ms. */
const DRAIN_CHECK_MS = 200;

/** Returned events that a queue did not take go to the end of the fallback queue after this time, ms. */
const ROTATION_PAUSE_MS = 1_000;

/** What all waiting queues of a manager share. */
export interface WaitingQueueServices {
  readonly broker: Broker;
  readonly consumer: CaughtUpConsumer;
  readonly contents: QueueContents;
  readonly log: Log;
  readonly stopping: AbortSignal;
  /** The generation of a service's subscription to a publisher, by the map of this moment. */
  readonly generationOf: (publisher: string, service: string) => string | undefined;
  /** Takes each event that comes out of a queue. */
  readonly onReturned: (event: ReturnedEvent) => void;
}

export interface WaitingQueueOptions extends WaitingQueueServices {
  /** Declares the queue, and notifies all managers of it. */
  readonly declare: () => Promise<void>;
  /** Gets the events that this queue does not take. Without one, they wait until it does. */
  readonly fallback?: WaitingQueue;
  /** The service that an event waits for, of events that a service has put here. Default: as they were written. */
  readonly ownerOf?: (delivery: Delivery) => string;
  /**
   * Moves the events on in their order, in one manager at a time; they are also written in order. Default: they come
   * out to all managers, see `onReturned`.
   */
  readonly move?: OrderedHandler;
}

/**
 * A queue of the managers in which events wait while their destination takes none, or their subscription is paused.
 * This manager consumes it before it writes the first event there, and until it stops: others may write there as well,
 * and nothing proves that it is empty. While it is suspended, its events stay there.
 *
 *   unused -(first event, or found in the directory)-> opening: declare, consume unless suspended -> open
 *   open -(was deleted, and nothing is written)-> unused
 */
export class WaitingQueue {
  private readonly unwritten = new Denque<WrittenEvent>();
  private readonly sender: Pick<Sender<WrittenEvent>, 'isIdle' | 'send' | 'takeWaiting' | 'stop'>;
  private readonly backoff = new Backoff({ initialMs: 50, maxMs: 5_000 });
  /** Until then new events go to the fallback at once, by `performance.now()`. */
  private unusableUntilMs = Number.NEGATIVE_INFINITY;
  private consumption: Consumption | undefined;
  /** Resolves when the previous consumer has ended. */
  private stopped: Promise<void> = Promise.resolve();
  private opening: Promise<void> | undefined;
  private isOpen = false;
  private callsInHand = 0;
  /** Aborts when the queue is suspended; undefined while it is. */
  private consuming: AbortController | undefined = new AbortController();

  constructor(
    readonly name: string,
    private readonly options: WaitingQueueOptions,
  ) {
    const { broker, contents, move } = options;
    const onConfirmed = (events: number, bytes: number) => {
      this.backoff.reset();
      contents.note(this.name, events, bytes);
    };
    this.sender =
      move === undefined
        ? new Sender(broker, {
            queue: name,
            onConfirmed: (events, bytes) => onConfirmed(events.length, bytes),
            onFailed: async (events, error) => {
              for (const event of await this.rejected(events, error)) this.sender.send(event);
            },
          })
        : new OrderedSender(broker, {
            queue: name,
            onConfirmed,
            onFailed: (events, error) => this.rejected(events, error),
          });
  }

  /** This manager consumes it, is about to, or has suspended it. */
  get isUsed(): boolean {
    return this.opening !== undefined;
  }

  /** The event is confirmed when it is in this queue, or in the fallback. */
  write(event: ForwardedEvent, recipient: string): void {
    const generation =
      event instanceof ReturnedEvent ? event.generation : this.options.generationOf(event.event.publisher, recipient);
    this.add(new WrittenEvent(event, { recipient, generation }));
  }

  /** The oldest event that could not be written yet; it is no longer the queue's. */
  takeUnwritten(): ForwardedEvent | undefined {
    return (this.unwritten.shift() ?? this.sender.takeWaiting(1)[0])?.event;
  }

  /** Its events stay there, also those in hand. */
  suspend(): void {
    this.consuming?.abort();
    this.consuming = undefined;
    this.stopConsuming();
  }

  resume(): void {
    if (this.consuming !== undefined) return;
    this.consuming = new AbortController();
    if (this.isUsed) void this.consume();
  }

  /**
   * Whether it has no events, apart from those that other managers have in hand. Not known: false; then consumes it if
   * another manager has declared it.
   */
  async isSurelyEmpty(): Promise<boolean> {
    if (!this.isIdle) return false;
    try {
      const state = await this.look();
      return state === undefined || emptinessOf(state) === 'empty';
    } catch (error) {
      this.options.log.debug({ queue: this.name, err: error }, 'could not inspect a queue of waiting events');
      return false;
    }
  }

  /** Declares and consumes the queue. Resolves when that is done, which may take any time. */
  open(): Promise<void> {
    this.opening ??= this.declareAndConsume();
    return this.opening;
  }

  /**
   * Consumes the queue if it exists, because another manager may have declared it. Rejects as the broker does.
   *
   * @returns false if it does not exist, and this manager is not about to declare it.
   */
  async find(): Promise<boolean> {
    return this.consumption?.isRegistered === true || (await this.look()) !== undefined || this.isUsed;
  }

  async stop(error: DbEventError): Promise<void> {
    for (const event of this.unwritten.toArray()) event.failed(error);
    this.unwritten.clear();
    this.sender.stop(error);
    this.stopConsuming();
    await this.stopped;
  }

  private get isIdle(): boolean {
    return this.unwritten.length === 0 && this.sender.isIdle && this.callsInHand === 0;
  }

  /** Inspects the queue; consumes it if it exists, and forgets it if it was deleted and nothing is written. */
  private async look(): Promise<QueueState | undefined> {
    const state = await this.options.broker.topology.inspectQueue(this.name);
    if (state !== undefined) void this.open();
    else if (this.isOpen && this.isIdle) this.close();
    return state;
  }

  private add(event: WrittenEvent): void {
    const { fallback, stopping } = this.options;
    const isNew = !(event.event instanceof ReturnedEvent);
    // The stopped sender gives the event up.
    if (stopping.aborted) this.sender.send(event);
    else if (isNew && fallback !== undefined && performance.now() < this.unusableUntilMs) fallback.add(event);
    else if (this.isOpen) this.sender.send(event);
    else {
      this.unwritten.push(event);
      void this.open();
    }
  }

  private close(): void {
    this.stopConsuming();
    this.isOpen = false;
    this.opening = undefined;
  }

  private async declareAndConsume(): Promise<void> {
    const { declare, fallback, log, stopping } = this.options;
    while (!stopping.aborted) {
      try {
        await declare();
        break;
      } catch (error) {
        // Without a connection nothing works, which others report.
        const level = error instanceof DbEventError && error.code === 'BROKER_UNAVAILABLE' ? 'debug' : 'warn';
        log[level]({ queue: this.name, err: error }, 'could not declare a queue for waiting events; retrying');
        const delayMs = this.backoff.next();
        this.unusableUntilMs = performance.now() + delayMs;
        if (fallback !== undefined) this.moveTo(fallback, this.takeAllUnwritten());
        await pause(delayMs, stopping);
      }
    }
    if (stopping.aborted) return;
    await this.consume();
    while (this.consumption?.isRegistered === false && !stopping.aborted) await pause(CHECK_INTERVAL_MS, stopping);
    if (stopping.aborted) return;
    this.isOpen = true;
    for (const event of this.takeAllUnwritten()) this.sender.send(event);
  }

  private stopConsuming(): void {
    this.stopped = this.consumption?.stop() ?? this.stopped;
    this.consumption = undefined;
  }

  /** The previous consumer ends first: what it has in hand returns to the queue before newer events leave it. */
  private async consume(): Promise<void> {
    await this.stopped;
    const { consuming } = this;
    if (consuming === undefined || this.consumption !== undefined || this.options.stopping.aborted) return;
    const { consumer, move } = this.options;
    if (move !== undefined) {
      this.consumption = consumer.consumeInOrder(this.name, move, { maxBatch: MAX_UNCONFIRMED_MESSAGES });
      return;
    }
    const handler: BatchHandler = (deliveries, ended) => this.handle(deliveries, [ended, consuming.signal]);
    this.consumption = consumer.consume(this.name, handler, {
      waits: true,
      prefetch: PREFETCH,
      maxBatchesInFlight: PREFETCH,
      // Not taken apart: their elements would come after newer events, and managers only pass them on.
      batches: {},
    });
  }

  private takeAllUnwritten(): WrittenEvent[] {
    const events = this.unwritten.toArray();
    this.unwritten.clear();
    return events;
  }

  /** Moves events that were not written to the fallback, or resolves with them when it is time to write them again. */
  private async rejected(events: readonly WrittenEvent[], error: DbEventError): Promise<readonly WrittenEvent[]> {
    const { fallback, log, stopping } = this.options;
    log.warn({ queue: this.name, events: events.length, err: error }, 'could not write waiting events; retrying');
    const delayMs = this.backoff.next();
    const isDeclared = error.code === 'MESSAGE_UNROUTABLE' && (await this.isDeclaredAgain());
    if (fallback !== undefined && !isDeclared && error.code !== 'BROKER_UNAVAILABLE') {
      this.unusableUntilMs = performance.now() + delayMs;
      this.moveTo(fallback, events);
      return [];
    }
    await pause(delayMs, stopping);
    return events;
  }

  private async isDeclaredAgain(): Promise<boolean> {
    try {
      await this.options.declare();
      return true;
    } catch (error) {
      this.options.log.warn({ queue: this.name, err: error }, 'could not declare a queue for waiting events');
      return false;
    }
  }

  /** Events that came out of a waiting queue leave it slowly, because they may come out of the fallback next. */
  private moveTo(fallback: WaitingQueue, events: readonly WrittenEvent[]): void {
    const isReturned = ({ event }: WrittenEvent) => event instanceof ReturnedEvent;
    for (const event of events.filter((each) => !isReturned(each))) fallback.add(event);
    const returned = events.filter(isReturned);
    if (returned.length === 0) return;
    void pause(ROTATION_PAUSE_MS, this.options.stopping).then(() => {
      for (const event of returned) fallback.add(event);
    });
  }

  /** Resolves when each event is confirmed elsewhere. Rejects, so that they return to the queue, after `HOLD_MS`. */
  private handle(deliveries: readonly Delivery[], endings: readonly AbortSignal[]): Promise<void> {
    const signals = [...endings, this.options.stopping];
    setMaxListeners(0, ...signals);
    const inHand = new AbortController();
    this.callsInHand += 1;
    return new Promise<void>((resolve, reject) => {
      let left = deliveries.length;
      const end = (finish: () => void) => {
        clearTimeout(timer);
        for (const signal of signals) signal.removeEventListener('abort', giveUp);
        if (!inHand.signal.aborted) this.callsInHand -= 1;
        inHand.abort();
        finish();
      };
      const giveUp = () => end(() => reject(new Error(`the events stay in ${this.name}`)));
      const timer = setTimeout(giveUp, HOLD_MS);
      for (const signal of signals) signal.addEventListener('abort', giveUp);
      if (signals.some(({ aborted }) => aborted)) {
        giveUp();
        return;
      }
      const done = () => {
        left -= 1;
        if (left === 0) end(resolve);
      };
      for (const delivery of deliveries) {
        const event = this.eventIn(delivery, inHand.signal, done);
        if (event instanceof ReturnedEvent) this.options.onReturned(event);
        else event.then(done, giveUp);
      }
    });
  }

  private eventIn(delivery: Delivery, ended: AbortSignal, onDone: () => void): ReturnedEvent | Promise<void> {
    const owner = this.options.ownerOf?.(delivery);
    try {
      return returnedEventIn(
        this.name,
        delivery,
        ended,
        onDone,
        owner === undefined ? undefined : { recipient: owner },
      );
    } catch (error) {
      if (!(error instanceof DbEventError)) throw error;
      return this.options.broker.publish(parkedMessage(delivery, owner ?? MANAGER_ROUTING_KEY, error));
    }
  }
}

/** Resolves with true when nothing waits, or with false when `isOver`. */
export async function untilEmpty(
  nothingWaits: () => Promise<boolean>,
  isOver: () => boolean,
  stopping: AbortSignal,
): Promise<boolean> {
  while (!isOver()) {
    if (await nothingWaits()) return !isOver();
    await pause(DRAIN_CHECK_MS, stopping);
  }
  return false;
}
