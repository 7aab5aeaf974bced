import type { Lifecycle } from '@dbem/db-event';
import { Log, PeriodicTask } from '@dbem/runtime';
import { SubscriptionRegistry } from '@dbem/subscription-registry';
import { Broker, declareManagerTopology } from '@dbem/transport';
import { Injectable } from '@nestjs/common';
import { ConsumerRegistrations } from './consumer-registrations';
import { ServiceQueues } from './service-queues';

const CHECK_INTERVAL_MS = 1_000;

/** An exchange or a binding that somebody deleted shows nowhere: so all is declared again after so long, ms. */
const DECLARE_INTERVAL_MS = 15_000;

/**
 * Declares what the manager needs at the broker, as soon as there is a broker, and again whenever the intake has lost
 * its queue (a broker that came back empty, say), and now and then.
 *
 *   waiting (no broker, or the map not read) -> declared -> (intake detached, a new subscriber seen, or time) -> declared …
 */
@Injectable()
export class TopologyReconciler implements Lifecycle {
  private readonly keeping = new PeriodicTask((stopping) => this.declare(stopping), {
    intervalMs: CHECK_INTERVAL_MS,
    backoff: { maxMs: 2_000 },
    onError: (error) => this.log.debug({ err: error }, 'could not declare at the broker yet'),
    atEnd: () => this.forgetListener(),
  });
  private declaredAtMs = Number.NEGATIVE_INFINITY;
  private forgetListener = () => {};
  private isStarted = false;

  constructor(
    private readonly broker: Broker,
    private readonly registry: SubscriptionRegistry,
    private readonly serviceQueues: ServiceQueues,
    private readonly attachments: ConsumerRegistrations,
    private readonly log: Log,
  ) {}

  async start(): Promise<void> {
    if (this.isStarted || this.keeping.isStopped) return;
    this.isStarted = true;
    this.forgetListener = this.registry.onChange(() => this.keeping.wake());
    await this.keeping.start();
  }

  stop(): Promise<void> {
    return this.keeping.stop();
  }

  private async declare(stopping: AbortSignal): Promise<void> {
    if (!this.attachments.areComplete || performance.now() - this.declaredAtMs > DECLARE_INTERVAL_MS) {
      await declareManagerTopology(this.broker.topology);
      this.declaredAtMs = performance.now();
    }
    await this.serviceQueues.declareNew(stopping);
  }
}
