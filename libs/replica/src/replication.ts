import type { Lifecycle } from '@dbem/db-event';
import { type Log, SILENT_LOG } from '@dbem/platform';
import { type Broker, RpcServer } from '@dbem/transport';
import type { Pool } from 'pg';
import { Applier, type ApplierOptions } from './applier/applier';
import { ApplierCounts } from './applier/applier-observer';
import { noteSubscription } from './causality/ended-subscriptions';
import { HandlerTable } from './handlers/handler-table';
import type { ReplicaHandler } from './handlers/replica-handler';
import { serveReplicas } from './reconcile/serve-replicas';
import { heldVersions } from './rpc/held-versions';
import { SubscriptionClient } from './subscriptions/subscription-client';

export interface ReplicationOptions {
  /** The service's name on the wire: its queue is `<service>.queue`. */
  readonly service: string;
  /** The service's own database, migrated with `replicaMigrations`. */
  readonly pool: Pool;
  readonly applier?: Pick<ApplierOptions, 'prefetch' | 'maxBatch' | 'held'>;
  readonly log?: Log;
}

/** One instance of a subscriber: its handlers' subscriptions and the applier of its queue. */
export class Replication implements Lifecycle {
  readonly counts = new ApplierCounts();
  readonly subscriptions: SubscriptionClient;
  /** What the event manager may ask of this service as a holder of replicas; more methods may be added before `start`. */
  readonly rpc: RpcServer;
  private readonly applier: Applier;

  /** @throws DbEventError CONFIGURATION_INVALID if two handlers want the same. */
  constructor(broker: Broker, handlers: readonly ReplicaHandler[], options: ReplicationOptions) {
    const { service, pool, applier, log = SILENT_LOG } = options;
    const table = new HandlerTable(handlers);
    this.subscriptions = new SubscriptionClient(broker, table.subscriptionsOf(service), {
      service,
      log,
      backfillOf: (publisher) => table.backfillOf(publisher),
      onAccepted: async (publisher, action) => {
        await noteSubscription(pool, publisher, action === 'UNSUBSCRIBE');
        this.applier.recheckHeld();
      },
    });
    this.rpc = new RpcServer(broker, { service, role: 'replica', log }).on('replica.versions', (params) =>
      heldVersions(pool, params),
    );
    serveReplicas(this.rpc, table, pool);
    this.applier = new Applier(broker, pool, table, { service, ...applier, observer: this.counts, log });
  }

  /** Waits for nobody: neither broker, event manager nor database need be there. */
  async start(): Promise<void> {
    await this.subscriptions.start();
    await this.applier.start();
    await this.rpc.start();
  }

  /** Finishes the batch under way. */
  async stop(): Promise<void> {
    await Promise.all([this.rpc.stop(), this.subscriptions.stop(), this.applier.stop()]);
  }

  /** Attached to the queue, and every subscription made. */
  get isReplicating(): boolean {
    return this.applier.isAttached && this.subscriptions.isSettled;
  }
}
