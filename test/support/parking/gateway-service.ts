import { encodeEvent, type Gateway, gatewayCodec } from '@dbem/entity-codec';
import { type ReplicaHandler, ReplicaModule, Replication } from '@dbem/replica';
import { RabbitMqBroker, RequestServers, serviceQueueOf } from '@dbem/transport';
import type { INestApplication } from '@nestjs/common';
import { startServiceApp } from '../apps/service-app';
import { type FreshDatabase, freshDatabase } from '../servers/fresh-database';
import { waitFor } from '../waiting/wait-for';
import { LAST_ATTEMPT } from './last-attempt';

const PUBLISHER = 'user.profile';

/** A service that replicates gateways, and fails for gateways named "bad" while `isFailing`. */
export class GatewayService {
  isFailing = true;
  private app: INestApplication | undefined;

  private constructor(
    private readonly name: string,
    private readonly amqpUrl: string,
    readonly broker: RabbitMqBroker,
    private readonly database: FreshDatabase,
  ) {}

  static async start(name: string, amqpUrl: string): Promise<GatewayService> {
    const database = await freshDatabase('replica');
    await database.pool.query('CREATE TABLE gateway (id text PRIMARY KEY, name text)');
    const broker = new RabbitMqBroker({ url: amqpUrl });
    await broker.start();
    const service = new GatewayService(name, amqpUrl, broker, database);
    await service.startReplication();
    return service;
  }

  /** The number of events applied since `startReplication`. */
  get applied(): number {
    return this.replication?.counts.applied ?? 0;
  }

  /** The number of retried events that were found stale since `startReplication`. */
  get staleRetries(): number {
    return this.replication?.counts.staleRetries ?? 0;
  }

  async startReplication(): Promise<void> {
    const replica = ReplicaModule.forRoot({ service: this.name, pool: this.database.pool });
    const app = await startServiceApp(this.amqpUrl, [replica], [this.handler]);
    this.app = app;
    await waitFor(() => this.replication?.isReplicating && app.get(RequestServers, { strict: false }).areRegistered);
  }

  async stopReplication(): Promise<void> {
    await this.app?.close();
  }

  async stop(): Promise<void> {
    await this.stopReplication();
    await this.broker.stop();
    await this.database.drop();
  }

  /** Publishes directly to its queue; the first failure parks the event. */
  async send(body: Buffer): Promise<void> {
    await this.broker.publish({ exchange: '', routingKey: serviceQueueOf(this.name), body, headers: LAST_ATTEMPT });
  }

  async rows(): Promise<{ id: string; name: string }[]> {
    return (await this.database.pool.query('SELECT id, name FROM gateway ORDER BY id')).rows;
  }

  private get replication(): Replication | undefined {
    return this.app?.get(Replication, { strict: false });
  }

  private get handler(): ReplicaHandler<Gateway> {
    return {
      publisher: PUBLISHER,
      codec: gatewayCodec,
      upsert: async (changes, transaction) => {
        for (const { entityId, entity } of changes) {
          if (this.isFailing && entity.gatewayName === 'bad') throw new Error(`cannot apply ${entityId}`);
          await transaction.query(
            'INSERT INTO gateway VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET name = excluded.name',
            [entityId, entity.gatewayName],
          );
        }
      },
      remove: async () => {},
    };
  }
}

/** An update of a gateway, with a secret in the entity. */
export function gatewayEvent(id: string, version: bigint, gatewayName: string, secret: string): Buffer {
  const entity = gatewayCodec.encode({
    gatewayId: id,
    gatewayApprovalStatus: 'APPROVED',
    gatewayName,
    oauthClientSecret: secret,
  });
  const key = { publisher: PUBLISHER, entityType: 'TENANT', crudType: 'UPDATE' } as const;
  return encodeEvent({ ...key, entity, version, entityId: id, eventId: `e${version}`, changeTimeMs: 1 });
}
