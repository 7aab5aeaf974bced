import type { DbEventError, Lifecycle } from '@dbem/db-event';
import type { LingerOptions } from '@dbem/runtime';

/** A message to publish. Always persistent. */
export interface OutgoingMessage {
  /** Exchange name. '' is the broker's default exchange, where the routing key is a queue's name. */
  readonly exchange: string;
  readonly routingKey: string;
  /** Additional routing keys for the same publish (RabbitMQ's sender-selected distribution, header `CC`). */
  readonly cc?: readonly string[];
  readonly body: Buffer;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly contentType?: string;
  readonly messageId?: string;
  readonly correlationId?: string;
  readonly replyTo?: string;
  /** False: a message that can't be routed to any queue is silently dropped; meant for replies. Default: true. */
  readonly mandatory?: boolean;
}

export interface PublishOptions {
  /**
   * Maximum wait for the confirm, ms, not counting the time during which the broker is silent or blocks publishers.
   * When it passes, all unconfirmed publishes to the same destination are rejected. Default: that of the broker.
   */
  readonly confirmTimeoutMs?: number | undefined;
}

/** A message that may be lost: the next one replaces it. */
export type TransientMessage = Omit<OutgoingMessage, 'cc' | 'mandatory'>;

/** A message as it was delivered. `body` may be kept: later deliveries do not reuse its buffer. */
export interface Delivery {
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, unknown>>;
  /** The exchange that it was published to. */
  readonly exchange: string;
  readonly routingKey: string;
  /** The broker has delivered it before, so it may have been handled already, completely or in part. */
  readonly redelivered: boolean;
  readonly contentType?: string;
  readonly messageId?: string;
  readonly correlationId?: string;
  readonly replyTo?: string;
  /** The broker user that published it, validated by the broker; absent if the publisher did not set it. */
  readonly userId?: string;
  /**
   * When it was published to the queue that it was consumed from, ms since 1970 by the publisher's clock; absent if it
   * was published by other software.
   */
  readonly publishedAtMs?: number;
  /** Its offset in the stream that it was read from, increasing. Absent if it comes from an ordinary queue. */
  readonly offset?: number;
  /** An element of a batch, as it stands there, to be put into another batch. Absent: it is a single message. */
  readonly encoded?: Buffer;
  /** It is a part of a batch that can't be read, and `body` is that part. */
  readonly fault?: DbEventError;
  /** Where the element of a batch goes after its wait in a queue of the managers. */
  readonly waiting?: Waiting;
}

/** For whom an event waits. */
export interface Waiting {
  readonly recipient: string;
  /** Of the subscription for which it was forwarded, see `Subscription`. */
  readonly generation?: string | undefined;
}

/**
 * Handles a batch of deliveries from one queue, in delivery order. When it resolves, the whole batch is acknowledged.
 * When it rejects, the whole batch is requeued and delivered again after a jittered backoff. So the handler must be
 * idempotent, and must itself deal with messages that can never succeed, for example by parking them.
 *
 * `ended` aborts when the deliveries can no longer be acknowledged, because the channel is lost: the broker delivers
 * them again.
 */
export type BatchHandler = (deliveries: readonly Delivery[], ended: AbortSignal) => Promise<void>;

/** The channel of an ordered consumer. */
export interface OrderedChannel {
  /** Aborts when the channel is lost: the broker delivers again what was not done, here or to another consumer. */
  readonly ended: AbortSignal;
  /**
   * As `Broker.publish`, in the order of the calls. The broker handles what was published here before it delivers
   * again what is lost with this channel. At most 30 publishes to one queue at a time: see `MAX_UNCONFIRMED_MESSAGES`.
   */
  publish(message: OutgoingMessage): Promise<void>;
  /** Resolves if the broker regards this consumer as registered after the call; otherwise rejects. */
  affirm(): Promise<void>;
}

/**
 * Handles deliveries from one queue, in order, and one call at a time.
 *
 * @returns how many of them are done, counted from the first one. If not all, all others are delivered again in their
 * order, over another channel. The same happens if it rejects, and then none is done.
 */
export type OrderedHandler = (deliveries: readonly Delivery[], channel: OrderedChannel) => Promise<number>;

export interface OrderedOptions {
  /** Maximum number of deliveries per handler call, and of unacknowledged messages (prefetch). */
  readonly maxBatch: number;
}

export interface ConsumeOptions {
  /** Maximum number of unacknowledged messages (prefetch). Default: 500. */
  readonly prefetch?: number;
  /**
   * Maximum number of deliveries per handler call. A batch holds whatever has arrived when the handler becomes free;
   * without `linger` it does not wait to fill up. Default: 250.
   */
  readonly maxBatch?: number;
  /** Maximum number of concurrent handler calls. Default: 1. */
  readonly maxBatchesInFlight?: number;
  /** Additional concurrent handler calls, for full batches only: a handler can prepare these early. Default: 0. */
  readonly fullBatchesAhead?: number;
  /** Under high load a batch that is not full waits for more deliveries. Default: no waiting. */
  readonly linger?: LingerOptions;
  /**
   * The queue may contain batches, and the handler gets their elements, each as a delivery. A batch is acknowledged
   * when all of its elements are handled. With `alone`, one that was delivered before is taken apart: `alone` makes the
   * message by which an element returns to the end of the queue by itself, so that a crash loop or a delivery limit
   * costs one event. Default: every message is one delivery.
   */
  readonly batches?: {
    readonly alone?: (element: Delivery) => OutgoingMessage;
    /** A message has arrived that is not taken apart. */
    readonly onReceived?: (events: number, bytes: number) => void;
  };
  /**
   * For a stream: the offset to read from, called at each registration of the consumer. Deleted messages are skipped.
   * Default: only messages published after the registration. A stream's handler must not reject.
   */
  readonly readFrom?: () => number;
}

/** A consumer of one queue, kept registered across reconnects. */
export interface Consumption {
  /** The consumer is registered at the broker right now. */
  readonly isRegistered: boolean;
  /**
   * The number of the current registration, counted from 1; undefined while the consumer is not registered. The same
   * number twice means that the consumer was registered the whole time in between. May be undefined for a moment while
   * `isRegistered` is true: an idle consumer is re-registered from time to time, in case it is stuck.
   */
  readonly registration: number | undefined;
  /** Cancels the consumer, then waits for running handler calls and their acknowledgements. May be called twice. */
  stop(): Promise<void>;
}

/** Decides whether one message stays in the queue. May do other work before it resolves, for example publish. */
export type BrowseVisitor = (delivery: Delivery) => 'keep' | 'remove' | Promise<'keep' | 'remove'>;

export interface BrowseOutcome {
  readonly visited: number;
  readonly removed: number;
}

/**
 * The broker answers (0, 0) also for a quorum queue whose leader does not answer it within 250 ms, so these two numbers
 * alone prove nothing: see `emptinessOf`.
 */
export interface QueueState {
  /** Ready messages; unacknowledged ones are not counted. */
  readonly messages: number;
  readonly consumers: number;
}

/** Whether a queue has ready messages. `unknown`: it has none and no consumers, or its leader did not answer. */
export function emptinessOf({ messages, consumers }: QueueState): 'empty' | 'not empty' | 'unknown' {
  if (messages > 0) return 'not empty';
  return consumers > 0 ? 'empty' : 'unknown';
}

export type QueueKind = 'quorum' | 'classic';

/** A stream keeps its messages after they are read. Past its maximum size the oldest segment is deleted. */
export interface StreamDeclaration {
  readonly name: string;
  /** Approximate maximum size, bytes. */
  readonly maxBytes: number;
}

export interface QueueDeclaration {
  readonly name: string;
  readonly kind: QueueKind;
  /** Where expired messages go. Without a routing key they keep their own. */
  readonly deadLetter?: { readonly exchange: string; readonly routingKey?: string };
  /** Message TTL, ms. */
  readonly messageTtlMs?: number;
  /** The broker deletes the queue after it had no consumer for this long, ms. Not for quorum queues. */
  readonly expiresMs?: number;
  /**
   * Single active consumer: the broker delivers to one consumer at a time and fails over to the next, so the order is
   * kept. For quorum queues.
   */
  readonly isSingleActive?: boolean;
  /** Its leader is on the node that this process is connected to. For quorum queues. Default: the broker decides. */
  readonly isLeaderLocal?: boolean;
  readonly bindings?: readonly Binding[];
}

export interface Binding {
  readonly exchange: string;
  readonly routingKey: string;
  /** For a headers exchange, which ignores routing keys: matches messages that have all of these headers. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ExchangeDeclaration {
  readonly name: string;
  readonly type: 'topic' | 'direct' | 'fanout' | 'headers';
}

/**
 * Declares and inspects exchanges, queues and bindings. All of them are durable. Every call rejects with
 * BROKER_UNAVAILABLE while there is no connection, and is not retried.
 */
export interface Topology {
  /** Idempotent. */
  declareExchange(exchange: ExchangeDeclaration): Promise<void>;
  /** Idempotent. An existing queue with other properties keeps them; the bindings are added. */
  declareQueue(queue: QueueDeclaration): Promise<void>;
  /** Whether the queue has the properties that this process declared; undefined: it has not declared it yet. */
  isAsDeclared(name: string): boolean | undefined;
  /** Idempotent. Streams are published to and consumed like queues. */
  declareStream(stream: StreamDeclaration): Promise<void>;
  /** Does nothing if the binding does not exist. The queue must exist. */
  removeBinding(queue: string, binding: Binding): Promise<void>;
  /** Deletes the queue and all its messages. Does nothing if the queue does not exist. */
  deleteQueue(name: string): Promise<void>;
  /** Undefined if the queue does not exist. */
  inspectQueue(name: string): Promise<QueueState | undefined>;
}

export interface BrokerHealth {
  /** The connections and the channels for publishes and requests are open, and the broker accepts publishes. */
  readonly isConnected: boolean;
  /** Why the broker blocks publishers (a resource alarm); undefined while it does not. */
  readonly blockedReason?: string;
  /** Why the connection was last lost or refused. */
  readonly lastFault?: string;
  /** Number of connections opened after the first one. */
  readonly reconnects: number;
  /** As reported by the broker; undefined while there is no connection. */
  readonly server?: BrokerServer;
}

export interface BrokerServer {
  readonly product?: string;
  readonly version?: string;
  readonly clusterName?: string;
}

/**
 * The message broker.
 *
 * What can go wrong: a connection, a channel or a consumer can be lost at any time. The client reconnects and
 * re-registers its consumers by itself, with jittered backoff and without limit. The outcome of whatever was in flight
 * is unknown: a publish rejects with BROKER_UNAVAILABLE although it may have arrived, and a message is redelivered
 * although it may have been handled. The client never retries a publish by itself, so publishes of one caller are
 * never reordered.
 *
 * `start` does not wait for the broker, which may become available at any later time.
 */
export abstract class Broker implements Lifecycle {
  abstract start(): Promise<void>;

  /** Stops all consumers, waits for publishes in flight, then closes the connection. */
  abstract stop(): Promise<void>;

  /**
   * Resolves when the broker has confirmed the message: it is stored in at least one queue. Rejects with a
   * DbEventError: MESSAGE_UNROUTABLE (no queue received it), MESSAGE_REJECTED (the broker nacked it), CONFIRM_OVERDUE
   * (not confirmed in time although the broker answers, for example because the queue has no leader: the message may
   * have arrived), BROKER_UNAVAILABLE (no connection, or lost before the confirm: the message may have arrived). The
   * caller may retry all of these. Publishes of one caller to one destination keep their order; none waits for
   * publishes to other destinations.
   */
  abstract publish(message: OutgoingMessage, options?: PublishOptions): Promise<void>;

  /**
   * Publishes a message that may be lost: it is not persistent, and uses a separate channel, so that a channel error
   * (no such exchange, no permission) does not affect other publishes. Resolves when the broker has confirmed it, even
   * if no queue received it. Rejects like `publish`.
   */
  abstract publishTransient(message: TransientMessage): Promise<void>;

  /**
   * Hands a reply to a connection that carries nothing else. Nobody waits for it, and it is never sent twice: it is
   * lost if its address is invalid or the connection fails. Its body, content type and correlation id are sent.
   */
  abstract reply(message: OutgoingMessage): void;

  /**
   * Publishes a request and waits for the reply with the same correlation id; sets `replyTo` and `correlationId`.
   * Rejects like `publish`, and with REQUEST_TIMEOUT if no reply arrives within `timeoutMs`, although the request may
   * still be executed.
   */
  abstract request(message: OutgoingMessage, options: { readonly timeoutMs: number }): Promise<Delivery>;

  /** Consumes a queue until `stop`, across reconnects. Retries while the queue does not exist: see `isRegistered`. */
  abstract consume(queue: string, handler: BatchHandler, options?: ConsumeOptions): Consumption;

  /**
   * Consumes a queue with a single active consumer until `stop`, across reconnects, so that its order is kept. Batches
   * are delivered as their elements. `stop` waits for the running handler call before another consumer becomes active.
   */
  abstract consumeInOrder(queue: string, handler: OrderedHandler, options: OrderedOptions): Consumption;

  /**
   * Calls `visit` once for each ready message of a queue, in no particular order and concurrently if `visit` is
   * asynchronous. Removes the messages for which it answers `remove` and keeps the others. Visits nothing if the queue
   * does not exist. For queues without consumers.
   *
   * Bad news: it transfers the whole queue, and meanwhile its messages are invisible to everybody else. A second
   * browse of the same queue waits for the first, and rejects with QUEUE_BUSY if that takes long. Rejects with the
   * error of `visit`, once all running visits have ended, or with BROKER_UNAVAILABLE. After an error or a crash, all
   * messages that were not removed are still in the queue.
   */
  abstract browse(queue: string, visit: BrowseVisitor): Promise<BrowseOutcome>;

  abstract readonly topology: Topology;

  /**
   * For how long the broker has answered while publishes were unconfirmed, ms since the start. It stands still while
   * the broker is silent or blocks publishers, and while this process stands still.
   */
  abstract answeredMs(): number;

  abstract health(): BrokerHealth;
}
