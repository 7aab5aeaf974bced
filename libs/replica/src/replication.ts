import { decodeReplicationToken, type Lifecycle } from '@dbem/db-event';
import { DatabaseClock } from '@dbem/postgres';
import { SILENT_LOG } from '@dbem/runtime';
import { type Broker, type StatusPart, serviceQueueOf } from '@dbem/transport';
import { Registry } from 'prom-client';
import { Applier } from './applier/applier';
import { ApplierCounts, type ApplierObserver } from './applier/applier-observer';
import { allOf } from './applier/every-observer';
import { noteSubscription } from './causality/ended-subscriptions';
import type { HandlerTable } from './handlers/handler-table';
import { ApplierMetrics } from './metrics/applier-metrics';
import { heardStatusOf } from './metrics/heard-status';
import type { ReplicationOptions } from './replication-options';
import { QueueWatch } from './subscriptions/queue-watch';
import { SubscriptionClient } from './subscriptions/subscription-client';
import { VersionSweep } from './sweep/version-sweep';
import { ReplicaWatch, type WaitOptions, type WaitOutcome } from './waiting/replica-watch';

/** One instance of a subscriber: its handlers' subscriptions and the applier of its queue. */
export class Replication implements Lifecycle {
  readonly counts = new ApplierCounts();
  readonly subscriptions: SubscriptionClient;
  readonly watch: ReplicaWatch;
  /** What the event managers are told of what is heard here. */
  readonly status: StatusPart;
  private readonly applier: Applier;
  private readonly queueWatch: QueueWatch;
  private readonly sweep: VersionSweep;

  constructor(
    broker: Broker,
    private readonly table: HandlerTable,
    options: ReplicationOptions,
  ) {
    const { service, pool, applier, metrics = new Registry(), watch, log = SILENT_LOG } = options;
    this.watch = new ReplicaWatch(pool, { ...watch, log });
    this.subscriptions = new SubscriptionClient(broker, table.subscriptionsOf(service), {
      service,
      log,
      backfillOf: (publisher) => table.backfillOf(publisher),
      onAccepted: async (publisher, action) => {
        await noteSubscription(pool, publisher, action === 'UNSUBSCRIBE');
        this.applier.recheckHeld();
      },
    });
    // The event manager has begun a repair before it told of the lapse; who wants to rebuild otherwise puts his own listener here.
    this.subscriptions.onLapsed(async () => {});
    const handledPublishers = table.subscriptionsOf(service).map(({ publisher }) => publisher);
    const observers: ApplierObserver[] = [
      this.counts,
      { settled: ({ applied }) => this.watch.noteApplied(applied) },
      new ApplierMetrics(metrics, {
        subscriber: service,
        publishers: handledPublishers,
        clock: new DatabaseClock(pool),
      }),
    ];
    this.status = async () => ({ heard: await heardStatusOf(metrics, handledPublishers) });
    this.applier = new Applier(broker, pool, table, { service, ...applier, observer: allOf(observers), log });
    this.sweep = new VersionSweep(pool, { handledPublishers, ...options.sweep, log });
    const isAttached = () => this.applier.isAttached;
    const askAgain = () => this.subscriptions.askAgain();
    this.queueWatch = new QueueWatch(broker, serviceQueueOf(service), isAttached, askAgain, log);
  }

  /** Waits for nobody: neither broker, event manager nor database need be there. */
  async start(): Promise<void> {
    await this.subscriptions.start();
    await this.applier.start();
    await this.queueWatch.start();
    await this.sweep.start();
  }

  /** Finishes the batch under way. */
  async stop(): Promise<void> {
    await Promise.all([this.queueWatch.stop(), this.sweep.stop()]);
    await Promise.all([this.subscriptions.stop(), this.applier.stop(), this.watch.stop()]);
  }

  /** Attached to the queue, and every subscription made. */
  get isReplicating(): boolean {
    return this.applier.isAttached && this.subscriptions.isSettled;
  }

  /**
   * Waits until this service's replica has the changes that a replication token names: at once if it has them already. What
   * this service doesn't replicate is not waited for: no read of it could show that, now or later.
   *
   * @throws DbEventError TOKEN_INVALID; REPLICA_BEHIND (retryable) if too many readers wait already.
   */
  async awaitToken(token: string, options: WaitOptions): Promise<WaitOutcome> {
    const changes = decodeReplicationToken(token).filter(
      ({ publisher, entityType }) => this.table.find(publisher, entityType) !== undefined,
    );
    return this.watch.waitFor(changes, options);
  }
}
