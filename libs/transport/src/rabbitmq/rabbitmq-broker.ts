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
  type OutgoingMessage,
  type Topology,
  type TransientMessage,
} from '../broker.port';
import { ConfirmedPublisher } from './confirmed-publisher';
import { QueueBrowser } from './queue-browser';
import { RabbitMqConsumption } from './rabbitmq-consumption';
import { RabbitMqTopology } from './rabbitmq-topology';
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
  /** A publish whose confirm takes longer is rejected, ms. Default: 30,000. */
  readonly confirmTimeoutMs?: number;
  /** How often an idle consumer is checked for being stuck, ms. Default: 2,000. */
  readonly consumerCheckIntervalMs?: number;
  readonly log?: Log;
}

/**
 * `Broker` on RabbitMQ, over one connection: a channel each for persistent publishes, for transient ones and for
 * requests, one for topology, and one per consumer.
 */
export class RabbitMqBroker extends Broker {
  private readonly connection: SupervisedConnection;
  private readonly publisher: ConfirmedPublisher;
  private readonly transientPublisher: ConfirmedPublisher;
  private readonly requester: Requester;
  private readonly browser: QueueBrowser;
  private readonly consumptions = new Set<Consumption>();
  private readonly log: Log;
  readonly topology: Topology;

  constructor(private readonly options: RabbitMqBrokerOptions) {
    super();
    this.log = options.log ?? SILENT_LOG;
    this.connection = new SupervisedConnection({ connectionName: 'db-event', ...options, log: this.log });
    this.publisher = new ConfirmedPublisher(this.connection, this.log, options);
    this.transientPublisher = new ConfirmedPublisher(this.connection, this.log, { ...options, isTransient: true });
    this.requester = new Requester(this.connection, this.log);
    this.browser = new QueueBrowser(this.connection, this.log);
    this.topology = new RabbitMqTopology(this.connection, this.log);
  }

  async start(): Promise<void> {
    this.connection.start();
  }

  async stop(): Promise<void> {
    await Promise.all([...this.consumptions].map((consumption) => consumption.stop()));
    await Promise.all([this.publisher.stop(), this.transientPublisher.stop(), this.requester.stop()]);
    await this.connection.stop();
  }

  publish(message: OutgoingMessage): Promise<void> {
    return this.publisher.publish(message);
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
      this.connection,
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

  browse(queue: string, visit: BrowseVisitor): Promise<BrowseOutcome> {
    return this.browser.browse(queue, visit);
  }

  health(): BrokerHealth {
    const { blockedReason, ...rest } = this.connection.health();
    const isConnected = this.publisher.isReady && blockedReason === undefined;
    return { isConnected, ...rest, ...(blockedReason !== undefined && { blockedReason }) };
  }
}
