import { DbEventError } from '@dbem/db-event';
import Denque from 'denque';
import type { Broker } from '../broker.port';
import { MAX_UNCONFIRMED_BYTES, MAX_UNCONFIRMED_MESSAGES } from '../publish-window';
import { queueMessage, type SentEvent } from './sender';

export interface OrderedSenderOptions<Event extends SentEvent> {
  readonly queue: string;
  /**
   * Called when the broker has not confirmed an event, with it and all that were sent after it, when none is in flight
   * any more. Resolves with those that are to be sent again, before all others; the rest is no longer the sender's.
   */
  readonly onFailed: (events: readonly Event[], error: DbEventError) => Promise<readonly Event[]>;
  /** A message is confirmed. */
  readonly onConfirmed?: (events: number, bytes: number) => void;
}

interface Sent<Event> {
  readonly event: Event;
  state: 'in flight' | 'confirmed' | 'failed';
}

/**
 * Sends events to one queue, each as a batch of one, so that the last of each event's arrivals there are in the order
 * of the calls: after a failure everything from the failed event on is sent again, also what was confirmed meanwhile.
 *
 *   waiting -> in flight -(it and all before it confirmed)-> confirmed
 *                  ^---(it or one before it failed)---+
 */
export class OrderedSender<Event extends SentEvent> {
  private readonly waiting = new Denque<Event>();
  /** In order, from the first one that is not confirmed on. */
  private readonly sent = new Denque<Sent<Event>>();
  private inFlight = 0;
  private inFlightBytes = 0;
  private fault: DbEventError | undefined;
  private stoppedBy: DbEventError | undefined;

  constructor(
    private readonly broker: Pick<Broker, 'publish'>,
    private readonly options: OrderedSenderOptions<Event>,
  ) {}

  /** No event waits or is in flight. */
  get isIdle(): boolean {
    return this.waiting.length === 0 && this.sent.length === 0;
  }

  send(event: Event): void {
    if (this.stoppedBy !== undefined) {
      event.failed(this.stoppedBy);
      return;
    }
    this.waiting.push(event);
    this.flush();
  }

  /** The oldest events that are not in flight; they are no longer the sender's. Default: all of them. */
  takeWaiting(max = this.waiting.length): Event[] {
    return this.waiting.splice(0, max) ?? [];
  }

  /** Fails all events, also those in flight. */
  stop(error: DbEventError): void {
    this.stoppedBy = error;
    for (const { event } of this.sent.toArray()) event.failed(error);
    this.sent.clear();
    for (const event of this.takeWaiting()) event.failed(error);
  }

  private flush(): void {
    for (let next = this.waiting.peekFront(); next !== undefined; next = this.waiting.peekFront()) {
      const isFull =
        this.inFlight >= MAX_UNCONFIRMED_MESSAGES || this.inFlightBytes + next.encoded.length > MAX_UNCONFIRMED_BYTES;
      if (this.fault !== undefined || (this.inFlight > 0 && isFull)) return;
      this.waiting.shift();
      void this.publish(next);
    }
  }

  private async publish(event: Event): Promise<void> {
    const sent: Sent<Event> = { event, state: 'in flight' };
    const { length } = event.encoded;
    this.sent.push(sent);
    this.inFlight += 1;
    this.inFlightBytes += length;
    try {
      await this.broker.publish(queueMessage([event], this.options.queue));
      sent.state = 'confirmed';
    } catch (error) {
      if (!(error instanceof DbEventError)) throw error;
      sent.state = 'failed';
      this.fault ??= error;
    }
    this.inFlight -= 1;
    this.inFlightBytes -= length;
    if (this.stoppedBy !== undefined) return;
    this.confirmOldest();
    if (this.fault !== undefined && this.inFlight === 0) await this.goBack(this.fault);
    else this.flush();
  }

  private confirmOldest(): void {
    while (this.sent.peekFront()?.state === 'confirmed') {
      const event = this.sent.shift()?.event as Event;
      this.options.onConfirmed?.(1, event.encoded.length);
      event.confirmed();
    }
  }

  private async goBack(error: DbEventError): Promise<void> {
    const events = this.sent.toArray().map(({ event }) => event);
    const again = await this.options.onFailed(events, error);
    if (this.stoppedBy !== undefined) return;
    this.sent.clear();
    this.fault = undefined;
    for (const event of again.toReversed()) this.waiting.unshift(event);
    this.flush();
  }
}
