import { isRouted, type Lifecycle, type Subscription } from '@dbem/db-event';
import { Backoff, Log, pause } from '@dbem/runtime';
import { SubscriptionRegistry } from '@dbem/subscription-registry';
import { Injectable } from '@nestjs/common';
import { MissingQueues } from '../../forwarding/missing-queues';
import { ReconcileService } from '../../reconcile/reconcile.service';

/**
 * Starts a repair of each subscription of a service whose queue was missing: the events in it are lost. A legacy
 * service can't be repaired; the loss is logged.
 */
@Injectable()
export class LostQueueRepairs implements Lifecycle {
  private readonly stopping = new AbortController();
  private readonly running = new Set<Promise<void>>();

  constructor(
    private readonly missingQueues: MissingQueues,
    private readonly registry: SubscriptionRegistry,
    private readonly reconcile: ReconcileService,
    private readonly log: Log,
  ) {}

  async start(): Promise<void> {
    this.missingQueues.onDeclared((service) => {
      const repairing = this.repair(service).finally(() => this.running.delete(repairing));
      this.running.add(repairing);
    });
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await Promise.all(this.running);
  }

  private async repair(service: string): Promise<void> {
    const subscriptions = this.registry.map.subscriptions().filter(({ subscriber }) => subscriber === service);
    for (const subscription of subscriptions.filter(isRouted)) {
      const { publisher, messageFormat } = subscription;
      if (messageFormat === undefined) {
        this.log.error({ publisher, service }, 'the queue of a legacy service was lost with its events');
      } else {
        await this.startRepair(subscription);
      }
    }
  }

  /** Retries until the run exists: it is stored in ZooKeeper, which may be unavailable. */
  private async startRepair({ publisher, subscriber, entityTypes = [] }: Subscription): Promise<void> {
    const backoff = new Backoff({ initialMs: 500, maxMs: 10_000 });
    while (!this.stopping.signal.aborted) {
      try {
        await this.reconcile.rebuild(publisher, subscriber, entityTypes, 'lost queue');
        this.log.warn({ publisher, subscriber, entityTypes }, 'a queue was lost with its events; a repair has started');
        return;
      } catch (error) {
        this.log.warn({ publisher, subscriber, err: error }, 'could not start the repair after a lost queue; retrying');
        await pause(backoff.next(), this.stopping.signal);
      }
    }
  }
}
