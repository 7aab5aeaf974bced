import { decodeReplicationToken, type Lifecycle } from '@dbem/db-event';
import { Injectable } from '@nestjs/common';
import { Applier } from './applier/applier';
import { ApplierCounts } from './applier/applier-observer';
import { HandlerTable } from './handlers/handler-table';
import { QueueWatch } from './subscriptions/queue-watch';
import { SubscriptionClient } from './subscriptions/subscription-client';
import { VersionSweep } from './sweep/version-sweep';
import { ReplicaWatch, type WaitOptions, type WaitOutcome } from './waiting/replica-watch';

/** One instance of a subscriber: the subscriptions of its handlers, and the applier of its queue. */
@Injectable()
export class Replication implements Lifecycle {
  constructor(
    private readonly table: HandlerTable,
    readonly counts: ApplierCounts,
    readonly subscriptions: SubscriptionClient,
    readonly watch: ReplicaWatch,
    private readonly applier: Applier,
    private readonly queueWatch: QueueWatch,
    private readonly sweep: VersionSweep,
  ) {}

  /** Does not wait for the broker, the event manager or the database. */
  async start(): Promise<void> {
    await this.subscriptions.start();
    await this.applier.start();
    await this.queueWatch.start();
    await this.sweep.start();
  }

  /** Finishes the current batch. */
  async stop(): Promise<void> {
    await Promise.all([this.queueWatch.stop(), this.sweep.stop()]);
    await Promise.all([this.subscriptions.stop(), this.applier.stop(), this.watch.stop()]);
  }

  /** Whether the consumer is registered and every subscription request is accepted. */
  get isReplicating(): boolean {
    return this.applier.isRegistered && this.subscriptions.areAllAccepted;
  }

  /**
   * Waits until this service's replica has the changes in a replication token; resolves at once if it already has them.
   * Entities that this service does not replicate are ignored: no read of this service could include them.
   *
   * @throws DbEventError TOKEN_INVALID; REPLICA_BEHIND (retryable) if too many readers are waiting.
   */
  async awaitToken(token: string, options: WaitOptions): Promise<WaitOutcome> {
    const changes = decodeReplicationToken(token).filter(
      ({ publisher, entityType }) => this.table.find(publisher, entityType) !== undefined,
    );
    return this.watch.waitFor(changes, options);
  }
}
