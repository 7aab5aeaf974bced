import { DbEventError, type Lifecycle } from '@dbem/db-event';
import type { LingerOptions } from '@dbem/runtime';

/** A message to send. Always persistent. */
export interface OutgoingMessage {
  /** Exchange name; '' is the broker's default exchange, where the routing key is a queue's name. */
  readonly exchange: string;
  readonly routingKey: string;
  /** Further routing keys for the same one publish (RabbitMQ's sender-selected distribution, header `CC`). */
  readonly cc?: readonly string[];
  readonly body: Buffer;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly contentType?: string;
  readonly messageId?: string;
  readonly correlationId?: string;
  readonly replyTo?: string;
  /** False: a message that no queue takes is dropped without a word, as fits a reply. Default: true. */
  readonly mandatory?: boolean;
}

/** A message for several queues. */
export type FanOutMessage = Omit<OutgoingMessage, 'exchange' | 'routingKey' | 'cc'>;

/** A queue of which it is not known that it has its copy, and why. */
export interface FanOutFailure {
  readonly queue: string;
  readonly error: DbEventError;
}

/** A message that is worth nothing once there is a newer one. */
export type TransientMessage = Omit<OutgoingMessage, 'cc' | 'mandatory'>;

/** A message as it was delivered. `body` is ours to keep: no later delivery reuses its bytes. */
export interface Delivery {
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, unknown>>;
  /** Where it was published to. */
  readonly exchange: string;
  readonly routingKey: string;
  /** The broker has delivered it before; it may have been handled, wholly or in part. */
  readonly redelivered: boolean;
  readonly contentType?: string;
  readonly messageId?: string;
  readonly correlationId?: string;
  readonly replyTo?: string;
  /** The broker user that published it, checked by the broker; absent if the publisher didn't say. */
  readonly userId?: string;
  /** When it was published to where it was consumed, ms since 1970 by its publisher's clock; absent if the publisher is none of ours. */
  readonly publishedAtMs?: number;
  /** Its place in the stream that it was read from; grows. Absent in a delivery of another queue. */
  readonly offset?: number;
}

/**
 * Handles deliveries of one queue, in the order in which they came. When it resolves, all of them are acknowledged;
 * when it rejects, all of them go back to the queue and come again after a growing, jittered pause. So it must itself
 * deal with (park, say) a message that will never work, and must bear to see a message again.
 */
export type BatchHandler = (deliveries: readonly Delivery[]) => Promise<void>;

export interface ConsumeOptions {
  /** Most deliveries that the broker hands out unacknowledged. Default: 500. */
  readonly prefetch?: number;
  /** Most deliveries in one call of the handler. A batch is what has arrived by the time the handler is free: nothing waits for a batch to fill. Default: 250. */
  readonly maxBatch?: number;
  /** How many calls of the handler may be under way at once. Default: 1. */
  readonly maxBatchesInFlight?: number;
  /** How many more may be under way, each with a full batch: a handler can prepare these meanwhile. Default: 0. */
  readonly fullBatchesAhead?: number;
  /** While many come, a batch that is not full waits for more. Default: nothing waits. */
  readonly linger?: LingerOptions;
  /**
   * For a stream: the offset to read from, asked each time that the consumer is attached. What is no longer there is passed
   * over. Default: what is published after the attachment. A handler of a stream's deliveries must not reject.
   */
  readonly readFrom?: () => number;
}

/** A running consumption of one queue. */
export interface Consumption {
  /** The broker has this consumer attached to the queue right now. */
  readonly isRegistered: boolean;
  /**
   * Counts the attachments; undefined while there is none. Twice the same number: attached all the time in between. It may be
   * undefined for a moment while `isRegistered` holds: a quiet consumption is attached anew now and then, to make sure of it.
   */
  readonly registration: number | undefined;
  /** Cancels at the broker, waits for the handler's calls under way and their acknowledgements. May come twice. */
  stop(): Promise<void>;
}

/** Looks at one message; what it resolves to is done with it. It may do other work (publish, say) before it says "remove". */
export type BrowseVisitor = (delivery: Delivery) => 'keep' | 'remove' | Promise<'keep' | 'remove'>;

export interface BrowseOutcome {
  readonly visited: number;
  readonly removed: number;
}

export interface QueueState {
  /** Messages ready, not counting those delivered and unacknowledged. */
  readonly messages: number;
  readonly consumers: number;
}

export type QueueKind = 'quorum' | 'classic';

/** A stream keeps what is read, for every reader, until it is larger than it may be; then the oldest part goes. */
export interface StreamDeclaration {
  readonly name: string;
  /** About how large it may be, bytes. */
  readonly maxBytes: number;
}

export interface QueueDeclaration {
  readonly name: string;
  readonly kind: QueueKind;
  /** Where messages go that expire here. No routing key: they keep their own. */
  readonly deadLetter?: { readonly exchange: string; readonly routingKey?: string };
  /** How long a message stays before it expires, ms. */
  readonly messageTtlMs?: number;
  /** The broker deletes the queue when it has had no consumer for so long, ms. Not for quorum queues. */
  readonly expiresMs?: number;
  /** Of several consumers the broker hands deliveries to one, and to another when that one goes: so their order is kept. For quorum queues. */
  readonly isSingleActive?: boolean;
  readonly bindings?: readonly Binding[];
}

export interface Binding {
  readonly exchange: string;
  readonly routingKey: string;
  /** At a headers exchange, which heeds no key: takes the messages that have all these headers. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ExchangeDeclaration {
  readonly name: string;
  readonly type: 'topic' | 'direct' | 'fanout' | 'headers';
}

/** Declares and inspects the broker's objects. All are durable. Every call rejects with BROKER_UNAVAILABLE while there is no connection; nothing is remembered for later. */
export interface Topology {
  /** Idempotent. */
  declareExchange(exchange: ExchangeDeclaration): Promise<void>;
  /** Idempotent. A queue that exists with other properties is left as it is, with its bindings added. */
  declareQueue(queue: QueueDeclaration): Promise<void>;
  /** Idempotent. A stream is consumed and published to like a queue. */
  declareStream(stream: StreamDeclaration): Promise<void>;
  /** Nothing if there is no such binding. The queue must be there. */
  removeBinding(queue: string, binding: Binding): Promise<void>;
  /** Deletes the queue with all its messages; nothing if there is none. */
  deleteQueue(name: string): Promise<void>;
  /** Undefined if there is no such queue. */
  inspectQueue(name: string): Promise<QueueState | undefined>;
}

export interface BrokerHealth {
  /** A connection is open, a confirming channel on it works, and the broker takes publishes. */
  readonly isConnected: boolean;
  /** Why the broker makes publishers wait (a resource alarm); undefined if it doesn't. */
  readonly blockedReason?: string;
  /** The last reason for a lost or refused connection. */
  readonly lastFault?: string;
  /** How often a connection was opened again after the first. */
  readonly reconnects: number;
  /** What the broker says it is; undefined while there is no connection. */
  readonly server?: BrokerServer;
}

export interface BrokerServer {
  readonly product?: string;
  readonly version?: string;
  readonly clusterName?: string;
}

/**
 * A message broker, as the data path needs it.
 *
 * What may go wrong: a connection, a channel or a consumer may be lost at any time. The broker client opens it again by
 * itself, with growing, jittered pauses, for ever; consumers are attached again. What was in flight then is unknown: a
 * publish rejects as BROKER_UNAVAILABLE although it may have arrived, and a delivery comes again although it was handled.
 * Nothing is ever sent again on its own account, so publishes of one caller are never reordered behind its back.
 *
 * `start` does not wait for the broker: it may come up at any later time.
 */
export abstract class Broker implements Lifecycle {
  abstract start(): Promise<void>;

  /** Stops all consumptions, waits for publishes in flight, closes the connection. */
  abstract stop(): Promise<void>;

  /**
   * Resolves when the broker has confirmed the message, that is, when it is safe in at least one queue.
   * Rejects with a DbEventError: MESSAGE_UNROUTABLE (no queue took it), MESSAGE_REJECTED (the broker nacked it),
   * BROKER_UNAVAILABLE (no connection, or lost before the confirm: the message may have arrived). All are retryable, by
   * the caller. Publishes of one caller keep their order.
   */
  abstract publish(message: OutgoingMessage): Promise<void>;

  /**
   * Publishes a copy to each of these queues, in such a way that of each it is known whether it took it. Resolves when all are
   * settled, with those that failed; the errors are those of `publish`. A queue gets its copies in the order of the calls. What is
   * more than the broker takes at once waits here.
   */
  async fanOut(message: FanOutMessage, queues: readonly string[]): Promise<readonly FanOutFailure[]> {
    const failed: FanOutFailure[] = [];
    await Promise.all(
      queues.map((queue) =>
        this.publish({ ...message, exchange: '', routingKey: queue }).catch((error: unknown) => {
          if (!(error instanceof DbEventError)) throw error;
          failed.push({ queue, error });
        }),
      ),
    );
    return failed;
  }

  /**
   * Publishes what may be lost: it is not kept on disk, and it goes on a channel of its own, so that a refusal (no such exchange,
   * no right) harms no other publish. Resolves when the broker has taken it, whether or not a queue did. Rejects like `publish`.
   */
  abstract publishTransient(message: TransientMessage): Promise<void>;

  /**
   * Publishes and waits for the answer that carries the same correlation id (`replyTo` and `correlationId` are set here).
   * Rejects like `publish`, and with REQUEST_TIMEOUT when no answer came within `timeoutMs`: the request may still be
   * carried out.
   */
  abstract request(message: OutgoingMessage, options: { readonly timeoutMs: number }): Promise<Delivery>;

  /**
   * Consumes a queue from now until `stop`, through every reconnect. A queue that does not exist (yet, or any more) is
   * tried again until it does: see `isRegistered`.
   */
  abstract consume(queue: string, handler: BatchHandler, options?: ConsumeOptions): Consumption;

  /**
   * Shows each message that waits in the queue to `visit`, once, in no order that can be relied on, several at a time if `visit`
   * takes its time; removes those that it wants removed and leaves the others. None if there is no such queue. For a queue that
   * nobody consumes.
   *
   * Bad news: meanwhile nobody else sees the messages; a second browser of the same queue waits for its turn, and rejects as
   * QUEUE_BUSY if that takes long. It moves the whole queue over the wire. After a crash in the middle all messages are there that
   * had not been removed. Rejects as `visit` does, once all that it was shown is settled, and with BROKER_UNAVAILABLE; both leave
   * removed what was removed.
   */
  abstract browse(queue: string, visit: BrowseVisitor): Promise<BrowseOutcome>;

  abstract readonly topology: Topology;

  abstract health(): BrokerHealth;
}
