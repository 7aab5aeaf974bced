import { DbEventError } from '@dbem/db-event';
import type { Unavailability } from '@dbem/observation';
import { Backoff, pause } from '@dbem/runtime';
import { declareOverflowQueue, overflowQueueOf, queueMessage, Sender, type SharedBody } from '@dbem/transport';
import Denque from 'denque';
import { CircuitBreaker, type OpenState, PROBE_TIMEOUT } from './circuit-breaker';
import type { DestinationServices } from './destination-services';
import type { ForwardedEvent } from './forwarded-event';
import { ReturnedEvent } from './returned-event';
import { WaitingQueue } from './waiting-queue';

export interface DestinationOptions extends DestinationServices {
  readonly sharedBody: SharedBody;
  /** Whether the service gets this event here, by the map of this moment. */
  readonly belongs: (event: ForwardedEvent, destination: Destination) => boolean;
}

/**
 * A queue to which events are forwarded, so that its state delays no event for another queue. While it takes none, its
 * events wait in its overflow queue, and return from there when a probe, the oldest of them, is confirmed.
 *
 * An event may be in the queue twice after a failure; the version gate discards duplicates.
 */
export class Destination {
  private readonly breaker = new CircuitBreaker();
  private readonly overflow: WaitingQueue;
  private readonly sender: Sender<ForwardedEvent>;
  /** Out of the overflow queue, oldest first. */
  private readonly returned = new Denque<ReturnedEvent>();
  private readonly backoff = new Backoff({ initialMs: 50, maxMs: 5_000 });
  /** The event with which the queue is tried at the moment. */
  private probed: ForwardedEvent | undefined;
  /** The queue was declared again because it was missing, and has confirmed nothing since. */
  private isRedeclared = false;

  constructor(
    readonly service: string,
    readonly queue: string,
    private readonly options: DestinationOptions,
  ) {
    this.overflow = new WaitingQueue(overflowQueueOf(queue), {
      ...options,
      declare: async () => {
        await declareOverflowQueue(options.broker.topology, queue);
        await options.directory.add({ service, queue });
      },
    });
    const { broker, contents, sharedBody } = options;
    this.sender = new Sender(broker, {
      queue,
      sharedBody,
      onConfirmed: (events, bytes) => {
        this.confirmed();
        contents.note(queue, events.length, bytes);
      },
      onFailed: (events, error) => void this.failed(events, error),
    });
  }

  /** Undefined while the queue takes events. */
  get state(): OpenState | undefined {
    return this.breaker.state;
  }

  /** When the oldest event that waits for the queue's confirm arrived, by `performance.now()`; Infinity: none waits. */
  get oldestUnconfirmedMs(): number {
    return this.sender.oldest?.arrivedAtMs ?? Number.POSITIVE_INFINITY;
  }

  /** No event waits or is in flight, and the overflow queue is not in use. */
  get isIdle(): boolean {
    return this.sender.isIdle && this.breaker.state === undefined && !this.overflow.isUsed;
  }

  /** `event` is notified of the confirm, by the queue or by its overflow queue. */
  send(event: ForwardedEvent): void {
    if (this.breaker.state === undefined) this.sender.send(event);
    else if (this.isProbe(event)) this.returned.push(event);
    else this.overflow.write(event, this.service);
  }

  /** The name of the overflow queue, if this manager consumes it. */
  get overflowQueue(): string | undefined {
    return this.overflow.isUsed ? this.overflow.name : undefined;
  }

  /** Consumes the overflow queue, which another manager has declared. @returns false if it was deleted. */
  findOverflow(): Promise<boolean> {
    return this.overflow.find();
  }

  /** Whether it stays in hand. Other queues have events for other destinations, which must not wait for this one. */
  private isProbe(event: ForwardedEvent): event is ReturnedEvent {
    if (!(event instanceof ReturnedEvent)) return false;
    const { fallback } = this.options;
    return event.queue === this.overflow.name || (event.queue === fallback.name && this.returned.length === 0);
  }

  /** Sends no more events directly until a probe is confirmed. */
  open(cause: Unavailability): void {
    if (!this.breaker.trip(cause)) return;
    this.options.log.warn({ queue: this.queue, cause }, 'a queue takes no events; they wait in its overflow queue');
    this.options.onChange();
    this.forwardAgain(this.sender.takeWaiting());
    void this.probe();
  }

  async stop(error: DbEventError): Promise<void> {
    this.probed?.failed(error);
    this.sender.stop(error);
    await this.overflow.stop(error);
  }

  private confirmed(): void {
    this.backoff.reset();
    this.isRedeclared = false;
    if (this.breaker.state === undefined) this.breaker.confirmed();
  }

  private async failed(events: readonly ForwardedEvent[], error: DbEventError): Promise<void> {
    const { log, stopping } = this.options;
    log.debug({ queue: this.queue, events: events.length, err: error }, 'a queue did not confirm events');
    if (error.code === 'BROKER_UNAVAILABLE') await pause(this.backoff.next(), stopping);
    else if (error.code !== 'MESSAGE_UNROUTABLE') this.open(error.code === 'CONFIRM_OVERDUE' ? 'silent' : 'refuses');
    else if (!(await this.declareOnce())) this.open('missing');
    this.forwardAgain(events);
  }

  /** @returns false if the queue can't be declared, or is missing again before it has confirmed an event. */
  private async declareOnce(): Promise<boolean> {
    if (this.breaker.state !== undefined || this.isRedeclared) return false;
    const isDeclared = await this.options.declare(this.service);
    this.isRedeclared = true;
    return isDeclared;
  }

  private forwardAgain(events: readonly ForwardedEvent[]): void {
    for (const event of events) {
      if (event instanceof ReturnedEvent && event.isVoid) continue;
      this.options.forwardAgain(event, this.service);
    }
  }

  /** Publishes the head of the overflow queue, one at a time, until one is confirmed. */
  private async probe(): Promise<void> {
    const { stopping, log } = this.options;
    const timeout = new Backoff(PROBE_TIMEOUT);
    while (!stopping.aborted) {
      await pause(this.breaker.nextProbeMs(), stopping);
      const head = this.head();
      if (head === undefined ? await this.nothingWaits() : await this.isConfirmed(head, timeout)) break;
    }
    if (stopping.aborted) return;
    this.breaker.close();
    log.info({ queue: this.queue }, 'a queue takes events again');
    this.options.onChange();
    const waiting = this.returned.toArray();
    this.returned.clear();
    this.forwardAgain(waiting);
  }

  /** The oldest event that is still for this queue. */
  private head(): ForwardedEvent | undefined {
    for (;;) {
      const event = this.returned.shift() ?? this.overflow.takeUnwritten();
      if (event === undefined) return undefined;
      if (event instanceof ReturnedEvent && event.isVoid) continue;
      if (this.options.belongs(event, this)) return event;
      this.options.forwardAgain(event, this.service);
    }
  }

  /** Other managers may have moved everything. Unknown: no. */
  private async nothingWaits(): Promise<boolean> {
    return (await this.overflow.isSurelyEmpty()) && this.returned.length === 0;
  }

  private async isConfirmed(event: ForwardedEvent, timeout: Backoff): Promise<boolean> {
    const { broker, declare, forwardAgain } = this.options;
    this.probed = event;
    try {
      await broker.publish(queueMessage([event], this.queue), { confirmTimeoutMs: timeout.next() });
      event.confirmed();
      return true;
    } catch (error) {
      if (!(error instanceof DbEventError)) throw error;
      if (error.code === 'MESSAGE_UNROUTABLE') await declare(this.service);
      // Behind the others in hand, because it may be refused for its own sake.
      forwardAgain(event, this.service);
      return false;
    } finally {
      this.probed = undefined;
    }
  }
}
