import { DbEventError } from '@dbem/db-event';
import { decodeMessage } from '@dbem/entity-codec';
import { Backoff, type Log, pause } from '@dbem/runtime';
import {
  type BatchHandler,
  type Broker,
  batchMessage,
  type Consumption,
  type Delivery,
  declareOverflowQueue,
  elementOf,
  emptinessOf,
  MANAGER_ROUTING_KEY,
  overflowQueueOf,
  parkedMessage,
  type QueueContents,
  Sender,
} from '@dbem/transport';
import Denque from 'denque';
import type { CaughtUpConsumer } from './caught-up-consumer';
import type { ForwardedEvent } from './forwarded-event';
import type { OverflowDirectory } from './overflow-directory';
import { OverflowEvent } from './overflow-event';

/** Messages in hand. Few, because they stay in memory as long as their destination takes nothing. */
const PREFETCH = 16;

/**
 * How long events stay in hand, ms. Then they return to the queue, before the broker considers this consumer stuck (its
 * `consumer_timeout` is 30 minutes by default) and closes its channel.
 */
const HOLD_MS = 10 * 60_000;

/** How often to look whether the consumer is registered, ms. */
const CHECK_INTERVAL_MS = 20;

export interface OverflowQueueOptions {
  readonly broker: Broker;
  readonly consumer: CaughtUpConsumer;
  readonly directory: OverflowDirectory;
  readonly contents: QueueContents;
  readonly log: Log;
  readonly stopping: AbortSignal;
  /** Takes each event that comes out of the queue. */
  readonly onEvent: (event: OverflowEvent) => void;
}

/**
 * The queue for events whose destination takes none at the moment. This manager consumes it before it writes the first
 * event there, and until it stops: others may write there as well, and nothing proves that it is empty.
 *
 *   unused -(first event, or found in the directory)-> opening: declare, consume -> open
 */
export class OverflowQueue {
  readonly name: string;
  private readonly unwritten = new Denque<ForwardedEvent>();
  private readonly sender: Sender<ForwardedEvent>;
  private readonly backoff = new Backoff({ initialMs: 50, maxMs: 5_000 });
  private consumption: Consumption | undefined;
  private opening: Promise<void> | undefined;
  private isOpen = false;
  private callsInHand = 0;

  constructor(
    private readonly service: string,
    private readonly queue: string,
    private readonly options: OverflowQueueOptions,
  ) {
    const { broker, contents } = options;
    this.name = overflowQueueOf(queue);
    this.sender = new Sender(broker, {
      queue: this.name,
      onConfirmed: (events, bytes) => {
        this.backoff.reset();
        contents.note(this.name, events.length, bytes);
      },
      onFailed: (events, error) => void this.writeAgain(events, error),
    });
  }

  /** This manager consumes it, or is about to. */
  get isUsed(): boolean {
    return this.opening !== undefined;
  }

  /** The event is confirmed when it is in this queue. */
  write(event: ForwardedEvent): void {
    // The stopped sender gives the event up.
    if (this.isOpen || this.options.stopping.aborted) {
      this.sender.send(event);
      return;
    }
    this.unwritten.push(event);
    void this.open();
  }

  /** The oldest event that could not be written yet; it is no longer the queue's. */
  takeUnwritten(): ForwardedEvent | undefined {
    return this.unwritten.shift() ?? this.sender.takeWaiting(1)[0];
  }

  /** Whether it certainly has no events, apart from those that other managers have in hand. */
  async isEmpty(): Promise<boolean> {
    if (this.unwritten.length > 0 || !this.sender.isIdle || this.callsInHand > 0) return false;
    const state = await this.options.broker.topology.inspectQueue(this.name);
    return state === undefined || emptinessOf(state) === 'empty';
  }

  /** Declares and consumes the queue. Resolves when that is done, which may take any time. */
  open(): Promise<void> {
    this.opening ??= this.declareAndConsume();
    return this.opening;
  }

  async stop(error: DbEventError): Promise<void> {
    for (const event of this.unwritten.toArray()) event.failed(error);
    this.unwritten.clear();
    this.sender.stop(error);
    await this.consumption?.stop();
  }

  private async declareAndConsume(): Promise<void> {
    const { broker, consumer, directory, log, stopping } = this.options;
    while (!stopping.aborted) {
      try {
        await declareOverflowQueue(broker.topology, this.queue);
        await directory.add({ service: this.service, queue: this.queue });
        break;
      } catch (error) {
        log.warn({ queue: this.name, err: error }, 'could not declare an overflow queue; retrying');
        await pause(this.backoff.next(), stopping);
      }
    }
    if (stopping.aborted) return;
    this.consumption ??= consumer.consume(this.name, this.handle, {
      waits: true,
      prefetch: PREFETCH,
      maxBatchesInFlight: PREFETCH,
      batches: { alone: (element) => batchMessage([elementOf(element)], '', this.name) },
    });
    while (!stopping.aborted && !this.consumption.isRegistered) await pause(CHECK_INTERVAL_MS, stopping);
    if (stopping.aborted) return;
    this.isOpen = true;
    for (let event = this.unwritten.shift(); event !== undefined; event = this.unwritten.shift()) {
      this.sender.send(event);
    }
  }

  private async writeAgain(events: readonly ForwardedEvent[], error: DbEventError): Promise<void> {
    const { broker, log, stopping } = this.options;
    log.warn({ queue: this.name, events: events.length, err: error }, 'could not write to an overflow queue; retrying');
    await pause(this.backoff.next(), stopping);
    if (error.code === 'MESSAGE_UNROUTABLE') {
      await declareOverflowQueue(broker.topology, this.queue).catch((err: unknown) =>
        log.warn({ queue: this.name, err }, 'could not declare an overflow queue; retrying'),
      );
    }
    for (const event of events) this.sender.send(event);
  }

  /** Resolves when each event is confirmed elsewhere. Rejects, so that they return to the queue, after `HOLD_MS`. */
  private readonly handle: BatchHandler = (deliveries, ended) => {
    const { stopping, onEvent } = this.options;
    const inHand = new AbortController();
    this.callsInHand += 1;
    return new Promise<void>((resolve, reject) => {
      let left = deliveries.length;
      const end = (finish: () => void) => {
        clearTimeout(timer);
        for (const signal of [ended, stopping]) signal.removeEventListener('abort', giveUp);
        if (!inHand.signal.aborted) this.callsInHand -= 1;
        inHand.abort();
        finish();
      };
      const giveUp = () => end(() => reject(new Error('the events stay in the overflow queue')));
      const timer = setTimeout(giveUp, HOLD_MS);
      for (const signal of [ended, stopping]) signal.addEventListener('abort', giveUp);
      const done = () => {
        left -= 1;
        if (left === 0) end(resolve);
      };
      for (const delivery of deliveries) {
        const event = this.eventIn(delivery, inHand.signal, done);
        if (event instanceof OverflowEvent) onEvent(event);
        else event.then(done, giveUp);
      }
    });
  };

  private eventIn(delivery: Delivery, ended: AbortSignal, onDone: () => void): OverflowEvent | Promise<void> {
    try {
      if (delivery.fault !== undefined) throw delivery.fault;
      const message = decodeMessage(delivery.body);
      if (message.kind !== 'event')
        throw new DbEventError('MESSAGE_TYPE_UNKNOWN', 'An overflow queue contains events only');
      return new OverflowEvent(message.event, delivery, ended, onDone);
    } catch (error) {
      if (!(error instanceof DbEventError)) throw error;
      return this.options.broker.publish(parkedMessage(delivery, MANAGER_ROUTING_KEY, error));
    }
  }
}
