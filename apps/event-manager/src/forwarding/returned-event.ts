import { type DbEvent, DbEventError, type Subscription } from '@dbem/db-event';
import { decodeMessage } from '@dbem/entity-codec';
import { ARRIVAL_HEADER, type Delivery, elementOf, type Waiting } from '@dbem/transport';
import type { ForwardedEvent } from './forwarded-event';

/** An event in hand that came out of a waiting queue, and stays there until it is confirmed elsewhere. */
export class ReturnedEvent implements ForwardedEvent {
  private isDone = false;

  /** @param ended aborts when the event is no longer in hand: the waiting queue delivers it again. */
  constructor(
    /** The name of that queue. */
    readonly queue: string,
    readonly event: DbEvent,
    readonly content: Delivery,
    private readonly waiting: Waiting,
    private readonly ended: AbortSignal,
    private readonly onDone: () => void,
  ) {}

  get encoded(): Buffer {
    return elementOf(this.content);
  }

  /** The service for which it waits. */
  get recipient(): string {
    return this.waiting.recipient;
  }

  /** Of the subscription for which it waits; undefined: not known. */
  get generation(): string | undefined {
    return this.waiting.generation;
  }

  /** Whether it waits for another subscription, which was removed. */
  isOutdated(present: Subscription | undefined): boolean {
    const { generation } = this;
    return generation !== undefined && present?.generation !== undefined && generation !== present.generation;
  }

  /**
   * The same event without its arrival: it is behind events of later terms because it waited, not because another
   * manager has published it, too.
   */
  withoutArrival(): ReturnedEvent {
    const { [ARRIVAL_HEADER]: arrival, ...headers } = this.content.headers;
    if (arrival === undefined) return this;
    const content = { ...this.content, headers, encoded: undefined };
    return new ReturnedEvent(this.queue, this.event, content, this.waiting, this.ended, this.onDone);
  }

  get isVoid(): boolean {
    return this.ended.aborted;
  }

  confirmed(): void {
    if (this.isDone) return;
    this.isDone = true;
    this.onDone();
  }

  failed(_error: DbEventError): void {
    // It stays in the waiting queue.
  }
}

/** The event in a delivery from the waiting queue with this name. @throws DbEventError if there is none. */
export function returnedEventIn(
  queue: string,
  delivery: Delivery,
  ended: AbortSignal,
  onDone: () => void,
  waiting = delivery.waiting,
): ReturnedEvent {
  if (delivery.fault !== undefined) throw delivery.fault;
  const message = decodeMessage(delivery.body);
  if (message.kind !== 'event' || waiting === undefined) {
    const text = 'A queue for waiting events contains events with recipients only';
    throw new DbEventError('MESSAGE_TYPE_UNKNOWN', text);
  }
  return new ReturnedEvent(queue, message.event, delivery, waiting, ended, onDone);
}
