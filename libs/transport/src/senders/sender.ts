import { DbEventError } from '@dbem/db-event';
import Denque from 'denque';
import { MAX_BATCH_BYTES, MAX_BATCH_ELEMENTS } from '../batches/batch-format';
import { batchMessage } from '../batches/batch-message';
import type { ElementContent } from '../batches/encode-batch';
import type { SharedBody } from '../batches/shared-body';
import type { Broker, OutgoingMessage } from '../broker.port';
import { MAX_UNCONFIRMED_BYTES, MAX_UNCONFIRMED_MESSAGES } from '../publish-window';

/** An event on its way to one or more queues. One of the last two is called for each of them, once. */
export interface SentEvent {
  /** The event as a single message. */
  readonly content: ElementContent;
  /** The event as an element of a batch. */
  readonly encoded: Buffer;
  /** The broker has confirmed the event in the queue. */
  confirmed(): void;
  /** The event is given up. It may be in the queue all the same. */
  failed(error: DbEventError): void;
}

export interface SenderOptions<Event extends SentEvent> {
  readonly queue: string;
  /** For senders that get the same events. Default: each encodes its own batches. */
  readonly sharedBody?: SharedBody;
  /** Takes over events that the broker did not confirm, oldest first. They may be in the queue all the same. */
  readonly onFailed: (events: readonly Event[], error: DbEventError) => void;
  /** A message is confirmed. */
  readonly onConfirmed?: (events: readonly Event[], bytes: number) => void;
}

/** Batches that are not full wait while this many messages are unconfirmed, so that under load they fill up. */
const MAX_UNCONFIRMED_PARTIAL = 2;

/**
 * Sends events to one queue, in the order of the calls: many in one message under load, and at once without load.
 *
 *   waiting -(full batch: room in the window; else: nearly nothing unconfirmed)-> in flight -> confirmed, or failed
 *   any -stop-> failed, as is every later event
 */
export class Sender<Event extends SentEvent> {
  private readonly waiting = new Denque<Event>();
  private waitingBytes = 0;
  private readonly inFlight = new Set<readonly Event[]>();
  private isScheduled = false;
  private unconfirmedBytes = 0;
  private stoppedBy: DbEventError | undefined;

  constructor(
    private readonly broker: Pick<Broker, 'publish'>,
    private readonly options: SenderOptions<Event>,
  ) {}

  /** No event waits or is in flight. */
  get isIdle(): boolean {
    return this.waiting.length === 0 && this.inFlight.size === 0;
  }

  /** Of those that wait or are in flight; undefined if there is none. */
  get oldest(): Event | undefined {
    const [oldestInFlight] = this.inFlight;
    return oldestInFlight?.[0] ?? this.waiting.peekFront();
  }

  /** Events that are sent in the same tick leave together. */
  send(event: Event): void {
    if (this.stoppedBy !== undefined) {
      event.failed(this.stoppedBy);
      return;
    }
    this.waiting.push(event);
    this.waitingBytes += event.encoded.length;
    if (this.isScheduled) return;
    this.isScheduled = true;
    setImmediate(() => {
      this.isScheduled = false;
      this.flush();
    });
  }

  /** The oldest events that are not in flight; they are no longer the sender's. Default: all of them. */
  takeWaiting(max = this.waiting.length): Event[] {
    return this.take(Math.min(max, this.waiting.length));
  }

  /** Fails all events, also those in flight. */
  stop(error: DbEventError): void {
    this.stoppedBy = error;
    for (const events of this.inFlight) for (const event of events) event.failed(error);
    this.inFlight.clear();
    for (let event = this.waiting.shift(); event !== undefined; event = this.waiting.shift()) event.failed(error);
    this.waitingBytes = 0;
  }

  private get mayPublish(): boolean {
    if (this.waiting.length === 0) return false;
    const isFull = this.waiting.length >= MAX_BATCH_ELEMENTS || this.waitingBytes >= MAX_BATCH_BYTES;
    return this.inFlight.size < (isFull ? MAX_UNCONFIRMED_MESSAGES : MAX_UNCONFIRMED_PARTIAL);
  }

  private flush(): void {
    while (this.mayPublish) {
      const { events, bytes } = this.sizeOfNext();
      if (this.inFlight.size > 0 && this.unconfirmedBytes + bytes > MAX_UNCONFIRMED_BYTES) return;
      void this.publish(this.take(events), bytes);
    }
  }

  private sizeOfNext(): { events: number; bytes: number } {
    let events = 0;
    let bytes = 0;
    for (; events < Math.min(this.waiting.length, MAX_BATCH_ELEMENTS); events += 1) {
      const next = (this.waiting.peekAt(events) as Event).encoded.length;
      if (events > 0 && bytes + next > MAX_BATCH_BYTES) break;
      bytes += next;
    }
    return { events, bytes };
  }

  private take(count: number): Event[] {
    const events: Event[] = [];
    for (let index = 0; index < count; index += 1) {
      const event = this.waiting.shift() as Event;
      this.waitingBytes -= event.encoded.length;
      events.push(event);
    }
    return events;
  }

  private async publish(events: readonly Event[], bytes: number): Promise<void> {
    const { queue, sharedBody, onConfirmed, onFailed } = this.options;
    this.inFlight.add(events);
    this.unconfirmedBytes += bytes;
    try {
      await this.broker.publish(queueMessage(events, queue, sharedBody));
      if (!this.inFlight.delete(events)) return;
      onConfirmed?.(events, bytes);
      for (const event of events) event.confirmed();
    } catch (error) {
      if (!(error instanceof DbEventError)) throw error;
      if (this.inFlight.delete(events)) onFailed(events, error);
    } finally {
      this.unconfirmedBytes -= bytes;
      this.flush();
    }
  }
}

/** The batch by which events get into a queue. */
export function queueMessage(events: readonly SentEvent[], queue: string, sharedBody?: SharedBody): OutgoingMessage {
  const elements = events.map(({ encoded }) => encoded);
  return batchMessage(elements, '', queue, sharedBody?.of(elements));
}

/**
 * The message by which an event gets to a receiver of single messages. Without `replyTo`: the manager replies, and
 * RabbitMQ would look for the client of a direct reply-to.
 */
export function singleMessage({ content }: Pick<SentEvent, 'content'>, queue: string): OutgoingMessage {
  const { body, headers, contentType, messageId } = content;
  return {
    exchange: '',
    routingKey: queue,
    body,
    ...(headers !== undefined && { headers }),
    ...(contentType !== undefined && { contentType }),
    ...(messageId !== undefined && { messageId }),
  };
}
