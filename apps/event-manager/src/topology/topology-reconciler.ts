import type { Lifecycle } from '@dbem/db-event';
import { Log, PeriodicTask } from '@dbem/runtime';
import { SubscriptionRegistry } from '@dbem/subscription-registry';
import { Broker, declareManagerTopology } from '@dbem/transport';
import { Injectable } from '@nestjs/common';
import { ConsumerRegistrations } from './consumer-registrations';
import { ServiceQueues } from './service-queues';

const CHECK_INTERVAL_MS = 1_000;

/** The deletion of an exchange or a binding can't be detected, so everything is declared again at this interval. */
const DECLARE_INTERVAL_MS = 15_000;

/**
 * Declares the managers' exchanges and queues and the queues of all services: when the broker becomes available, when
 * a consumer has lost its registration (for example because the broker came back empty), when a subscriber is new,
 * and periodically.
 *
 *   waiting (no broker, or map not read) -> declared -(lost registration, new subscriber, or timer)-> declared …
 */
@Injectable()
export class TopologyReconciler implements Lifecycle {
  private readonly declaring = new PeriodicTask((stopping) => this.declare(stopping), {
    intervalMs: CHECK_INTERVAL_MS,
    backoff: { maxMs: 2_000 },
    onError: (error) => this.log.debug({ err: error }, 'could not declare exchanges and queues; retrying'),
    atEnd: () => this.removeListener(),
  });
  private declaredAtMs = Number.NEGATIVE_INFINITY;
  private removeListener = () => {};
  private isStarted = false;

  constructor(
    private readonly broker: Broker,
    private readonly registry: SubscriptionRegistry,
    private readonly serviceQueues: ServiceQueues,
    private readonly registrations: ConsumerRegistrations,
    private readonly log: Log,
  ) {}

  async start(): Promise<void> {
    if (this.isStarted || this.declaring.isStopped) return;
    this.isStarted = true;
    this.removeListener = this.registry.onChange(() => this.declaring.wake());
    await this.declaring.start();
  }

  stop(): Promise<void> {
    return this.declaring.stop();
  }

  private async declare(stopping: AbortSignal): Promise<void> {
    if (!this.registrations.areComplete || performance.now() - this.declaredAtMs > DECLARE_INTERVAL_MS) {
      await declareManagerTopology(this.broker.topology);
      this.declaredAtMs = performance.now();
    }
    await this.serviceQueues.declareNew(stopping);
  }
}
