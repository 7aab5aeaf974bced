import { decodeReplicationToken, type Lifecycle } from '@dbem/db-event';
import { Injectable } from '@nestjs/common';
import { Applier } from './applier/applier';
import { ApplierCounts } from './applier/applier-observer';
import { HandlerTable } from './handlers/handler-table';
import { QueueWatch } from './subscriptions/queue-watch';
import { SubscriptionClient } from './subscriptions/subscription-client';
import { VersionSweep } from './sweep/version-sweep';
import { ReplicaWatch, type WaitOptions, type WaitOutcome } from './waiting/replica-watch';

/** One instance of a subscriber: its handlers' subscriptions and the applier of its queue. */
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
    return this.applier.isRegistered && this.subscriptions.isSettled;
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
