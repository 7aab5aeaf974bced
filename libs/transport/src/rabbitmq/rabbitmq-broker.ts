import { type Log, SILENT_LOG, type TlsFiles } from '@dbem/runtime';
import {
  type BatchHandler,
  Broker,
  type BrokerHealth,
  type BrowseOutcome,
  type BrowseVisitor,
  type ConsumeOptions,
  type Consumption,
  type Delivery,
  type OrderedHandler,
  type OrderedOptions,
  type OutgoingMessage,
  type PublishOptions,
  type Topology,
  type TransientMessage,
} from '../broker.port';
import { OrderedConsumptions } from './consuming/ordered-consumptions';
import { RabbitMqConsumption } from './consuming/rabbitmq-consumption';
import { DestinationPublishers } from './publishing/destination-publishers';
import { QueueBrowser } from './queue-browser';
import { RabbitMqTopology } from './rabbitmq-topology';
import { ReplySender } from './reply-sender';
import { Requester } from './requester';
import { SupervisedConnection } from './supervised-connection';

export interface RabbitMqBrokerOptions {
  /** amqp:// or amqps:// with user, password and vhost. */
  readonly url: string;
  /** For amqps:. Default: the system's certificate authorities, and no client certificate. */
  readonly tls?: TlsFiles | undefined;
  /** Authentication: the URL's user with its password (default), or with the client certificate. */
  readonly auth?: 'password' | 'certificate' | undefined;
  /** Shown in the broker's list of connections. Default: db-event. */
  readonly connectionName?: string;
  /** AMQP heartbeat, s. A connection without traffic is closed after about twice this. Default: 10. */
  readonly heartbeatS?: number;
  /** Default of `PublishOptions`, ms: 30,000. */
  readonly confirmTimeoutMs?: number;
  /** How often an idle consumer is checked for being stuck, ms. Default: 2,000. */
  readonly consumerCheckIntervalMs?: number;
  readonly log?: Log;
}

/**
 * `Broker` on RabbitMQ, over several connections, so that what stops one of them does not stop the others: RabbitMQ
 * stops reading from a connection that publishes too much, and closes one that replies to an invalid address.
 *
 * - Publishing: a channel each for persistent publishes, for transient ones and for requests, and one for each
 *   destination that does not confirm.
 * - Consuming: a channel per consumer and browse, and one for topology.
 * - Replies.
 * - Ordered consumers, from the first one on: each has a channel, on which it publishes, too.
 */
export class RabbitMqBroker extends Broker {
  private readonly publishing: SupervisedConnection;
  private readonly consuming: SupervisedConnection;
  private readonly replying: SupervisedConnection;
  private readonly publisher: DestinationPublishers;
  private readonly transientPublisher: DestinationPublishers;
  private readonly replies: ReplySender;
  private readonly requester: Requester;
  private readonly browser: QueueBrowser;
  private readonly consumptions = new Set<Consumption>();
  private ordered: OrderedConsumptions | undefined;
  private readonly log: Log;
  private isStarted = false;
  readonly topology: Topology;

  constructor(private readonly options: RabbitMqBrokerOptions) {
    super();
    this.log = options.log ?? SILENT_LOG;
    this.publishing = this.connectionFor('publishing');
    this.consuming = this.connectionFor('consuming');
    this.replying = this.connectionFor('replies');
    this.publisher = new DestinationPublishers(this.publishing, this.log, options);
    this.transientPublisher = new DestinationPublishers(this.publishing, this.log, { ...options, isTransient: true });
    this.requester = new Requester(this.publishing, this.log);
    this.replies = new ReplySender(this.replying, this.log);
    this.browser = new QueueBrowser(this.consuming, this.log);
    this.topology = new RabbitMqTopology(this.consuming, this.log);
  }

  async start(): Promise<void> {
    for (const connection of this.connections) connection.start();
    this.isStarted = true;
    this.ordered?.start();
  }

  async stop(): Promise<void> {
    await Promise.all([this.ordered?.stop(), ...[...this.consumptions].map((consumption) => consumption.stop())]);
    const publishers = [this.publisher, this.transientPublisher, this.requester, this.replies];
    await Promise.all(publishers.map((publisher) => publisher.stop()));
    await Promise.all(this.connections.map((connection) => connection.stop()));
  }

  publish(message: OutgoingMessage, { confirmTimeoutMs }: PublishOptions = {}): Promise<void> {
    return this.publisher.publish(message, confirmTimeoutMs);
  }

  reply(message: OutgoingMessage): void {
    this.replies.send(message);
  }

  publishTransient(message: TransientMessage): Promise<void> {
    return this.transientPublisher.publish({ ...message, mandatory: false });
  }

  request(message: OutgoingMessage, { timeoutMs }: { readonly timeoutMs: number }): Promise<Delivery> {
    return this.requester.request(message, timeoutMs);
  }

  consume(queue: string, handler: BatchHandler, options: ConsumeOptions = {}): Consumption {
    const inspect = () => this.topology.inspectQueue(queue);
    const consumption = new RabbitMqConsumption(
      this.consuming,
      queue,
      handler,
      options,
      inspect,
      (message) => this.publish(message),
      this.log,
      this.options.consumerCheckIntervalMs,
    );
    this.consumptions.add(consumption);
    return consumption;
  }

  consumeInOrder(queue: string, handler: OrderedHandler, { maxBatch }: OrderedOptions): Consumption {
    const { confirmTimeoutMs, consumerCheckIntervalMs: checkIntervalMs } = this.options;
    if (this.ordered === undefined) {
      this.ordered = new OrderedConsumptions(this.connectionFor('ordered'), this.log);
      if (this.isStarted) this.ordered.start();
    }
    const inspect = () => this.topology.inspectQueue(queue);
    return this.ordered.add({ queue, handler, maxBatch, inspect, confirmTimeoutMs, checkIntervalMs });
  }

  browse(queue: string, visit: BrowseVisitor): Promise<BrowseOutcome> {
    return this.browser.browse(queue, visit);
  }

  answeredMs(): number {
    return this.publisher.answeredMs;
  }

  health(): BrokerHealth {
    const { blockedReason, ...publishing } = this.publishing.health();
    const consuming = this.consuming.health();
    const isReady = this.publisher.isReady && this.requester.isReady && this.consuming.current !== undefined;
    const isConnected = isReady && blockedReason === undefined;
    return {
      ...consuming,
      ...publishing,
      isConnected,
      reconnects: Math.max(publishing.reconnects, consuming.reconnects),
      ...(blockedReason !== undefined && { blockedReason }),
    };
  }

  private get connections(): readonly SupervisedConnection[] {
    return [this.publishing, this.consuming, this.replying];
  }

  private connectionFor(purpose: string): SupervisedConnection {
    const { connectionName = 'db-event' } = this.options;
    return new SupervisedConnection({
      ...this.options,
      connectionName: `${connectionName} (${purpose})`,
      log: this.log,
    });
  }
}
