import type { DbEvent, Queryable } from '@dbem/db-event';
import { decodeMessage, encodeReply, type Project, projectCodec, type Reply } from '@dbem/entity-codec';
import {
  created,
  OutboxChangePublisher,
  PostgresOutboxStore,
  type PublishedChange,
  Relay,
  type RelayOptions,
} from '@dbem/outbox';
import {
  type BatchHandler,
  type Consumption,
  declareManagerTopology,
  INTAKE_QUEUE,
  intakeMessage,
  RabbitMqBroker,
} from '@dbem/transport';
import { TcpProxy } from '../network/tcp-proxy';
import { type FreshDatabase, freshDatabase } from '../servers/fresh-database';
import { type FreshVhost, freshVhost, management } from '../servers/fresh-vhost';
import { waitFor } from '../waiting/wait-for';

export const SERVICE = 'registry';

export function project(id: string): Project {
  return { projectID: id, owner: 'ada', gatewayId: 'gw', name: 'n' };
}

/**
 * A publisher's outbox, relays, and a broker on which the test acts as the event manager. Call `reset` before each
 * test: the outbox and the manager's queue are empty, the queue has no consumer, and all network faults have ended.
 */
export class OutboxHarness {
  readonly publisher = new OutboxChangePublisher(SERVICE);
  /** Events in the order in which the manager received them. */
  readonly events: DbEvent[] = [];
  /** Ids of messages in the manager's queue that are not events, or whose event id differs from the message id. */
  readonly unexpected: string[] = [];
  private readonly relays: Relay[] = [];
  private consumption: Consumption | undefined;
  private isQueueReplaced = false;

  private constructor(
    readonly vhost: FreshVhost,
    readonly database: FreshDatabase,
    readonly proxy: TcpProxy,
    /** Connects through the proxy. */
    readonly broker: RabbitMqBroker,
  ) {}

  static async start(): Promise<OutboxHarness> {
    const [vhost, database] = await Promise.all([freshVhost(), freshDatabase('outbox')]);
    await database.pool.query('CREATE TABLE project (id text)');
    const url = new URL(vhost.amqpUrl);
    const proxy = await TcpProxy.start({ host: url.hostname, port: Number(url.port) });
    url.port = String(proxy.port);
    // The client must not close a connection that the test silences.
    const broker = new RabbitMqBroker({ url: url.toString(), heartbeatS: 60 });
    await broker.start();
    await waitFor(() => broker.health().isConnected);
    await declareManagerTopology(broker.topology);
    return new OutboxHarness(vhost, database, proxy, broker);
  }

  async reset(): Promise<void> {
    await Promise.all(this.relays.splice(0).map((relay) => relay.stop()));
    await this.consumption?.stop();
    this.consumption = undefined;
    this.proxy.restore();
    await waitFor(() => this.broker.health().isConnected);
    if (this.isQueueReplaced) {
      await this.deleteManagerQueue();
      await this.declareManagerQueue();
      this.isQueueReplaced = false;
    }
    await management('DELETE', `${this.queuePath}/contents`);
    await this.database.pool.query('TRUNCATE db_event.outbox, db_event.entity_version, project');
    this.events.length = 0;
    this.unexpected.length = 0;
  }

  async stop(): Promise<void> {
    await Promise.all(this.relays.map((relay) => relay.stop()));
    await this.broker.stop();
    await this.proxy.stop();
    await Promise.all([this.vhost.drop(), this.database.drop()]);
  }

  async startRelay(options: Partial<RelayOptions> = {}): Promise<Relay> {
    const store = new PostgresOutboxStore(this.database.pool);
    const complete = { service: SERVICE, pollIntervalMs: 200, batchSize: 50, ...options };
    const relay = new Relay(store, this.broker, complete);
    this.relays.push(relay);
    await relay.start();
    return relay;
  }

  /** Acts as the event manager: records the events in its queue, and replies where a reply is requested. */
  consume(reply: Reply = { status: 'ACCEPTED', services: [] }): void {
    const handle: BatchHandler = async (batch) => {
      for (const { body, messageId, replyTo, correlationId = '' } of batch) {
        const message = decodeMessage(body);
        if (message.kind === 'event') this.events.push(message.event);
        if (message.kind !== 'event' || message.event.eventId !== messageId) this.unexpected.push(String(messageId));
        if (replyTo === undefined) continue;
        const answer = { exchange: '', routingKey: replyTo, correlationId, body: encodeReply(reply), mandatory: false };
        await this.broker.publish(answer);
      }
    };
    this.consumption = this.broker.consume(INTAKE_QUEUE, handle, { batches: { alone: intakeMessage } });
  }

  publish(transaction: Queryable, id: string): Promise<PublishedChange> {
    return this.publisher.publish(transaction, created(projectCodec, project(id)));
  }

  /** The number of changes in the outbox. */
  async waiting(): Promise<number> {
    const { rows } = await this.database.pool.query('SELECT count(*)::int AS count FROM db_event.outbox');
    return rows[0].count;
  }

  deleteManagerQueue(): Promise<void> {
    this.isQueueReplaced = true;
    return this.broker.topology.deleteQueue(INTAKE_QUEUE);
  }

  declareManagerQueue(): Promise<void> {
    return declareManagerTopology(this.broker.topology);
  }

  /** Replaces the manager's queue by one that was declared with other arguments. */
  async replaceManagerQueue(properties: Readonly<Record<string, unknown>>): Promise<void> {
    await this.deleteManagerQueue();
    await management('PUT', this.queuePath, { durable: true, arguments: properties });
    await this.declareManagerQueue();
  }

  private get queuePath(): string {
    return `/api/queues/${this.vhost.vhost}/${INTAKE_QUEUE}`;
  }
}
