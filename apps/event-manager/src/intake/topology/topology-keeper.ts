import type { Lifecycle } from '@dbem/db-event';
import { Backoff, Log, pause } from '@dbem/runtime';
import { SubscriptionRegistry } from '@dbem/subscription-registry';
import { Broker, declareManagerTopology } from '@dbem/transport';
import { Injectable } from '@nestjs/common';
import { Attachments } from './attachments';
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
export class TopologyKeeper implements Lifecycle {
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;

  constructor(
    private readonly broker: Broker,
    private readonly registry: SubscriptionRegistry,
    private readonly serviceQueues: ServiceQueues,
    private readonly attachments: Attachments,
    private readonly log: Log,
  ) {}

  async start(): Promise<void> {
    this.running ??= this.run();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const backoff = new Backoff({ maxMs: 2_000 });
    let wake = () => {};
    let declaredAtMs = Number.NEGATIVE_INFINITY;
    const forgetListener = this.registry.onChange(() => wake());
    while (!this.stopping.signal.aborted) {
      try {
        if (!this.attachments.areComplete || performance.now() - declaredAtMs > DECLARE_INTERVAL_MS) {
          await declareManagerTopology(this.broker.topology);
          declaredAtMs = performance.now();
        }
        await this.serviceQueues.declareNew(this.stopping.signal);
        backoff.reset();
        const changed = new AbortController();
        wake = () => changed.abort();
        await pause(CHECK_INTERVAL_MS, AbortSignal.any([changed.signal, this.stopping.signal]));
      } catch (error) {
        this.log.debug({ err: error }, 'could not declare at the broker yet');
        await pause(backoff.next(), this.stopping.signal);
      }
    }
    forgetListener();
  }
}
