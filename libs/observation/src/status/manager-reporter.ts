import type { Lifecycle } from '@dbem/db-event';
import { Log, pause, type Readiness } from '@dbem/runtime';
import { SubscriptionRegistry } from '@dbem/subscription-registry';
import { OTHER } from '@dbem/telemetry';
import { SOFTWARE_VERSION } from '@dbem/transport';
import { Injectable } from '@nestjs/common';
import type { ManagerStatus } from './manager-message';
import { ReceivedCounts } from './received-counts';
import { StatusLine } from './status-line';

const INTERVAL_MS = 2_000;

/** Tells all event managers, this one too, how this one is. As with a service's status, what is lost is lost. */
@Injectable()
export class ManagerReporter implements Lifecycle {
  private readonly stopping = new AbortController();
  private readonly startedAtMs = Date.now();
  private running: Promise<void> | undefined;

  constructor(
    private readonly line: StatusLine,
    private readonly registry: SubscriptionRegistry,
    private readonly counts: ReceivedCounts,
    private readonly log: Log,
  ) {}

  /** @param readiness known only once everything is made. */
  async start(readiness?: Readiness): Promise<void> {
    if (!this.stopping.signal.aborted) this.running ??= this.run(readiness);
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(readiness: Readiness | undefined): Promise<void> {
    while (!this.stopping.signal.aborted) {
      const { isReady, reasons } = (await readiness?.look()) ?? { isReady: true, reasons: [] };
      await this.tell({ isReady, reasons });
      await pause(INTERVAL_MS, this.stopping.signal);
    }
    await this.tell({ isReady: false, reasons: [], isLeaving: true });
  }

  private async tell(said: Pick<ManagerStatus, 'isReady' | 'reasons' | 'isLeaving'>): Promise<void> {
    try {
      await this.line.tellAll({
        kind: 'status',
        manager: this.registry.selfId,
        software: SOFTWARE_VERSION,
        startedAtMs: this.startedAtMs,
        received: this.counts.list().filter(([publisher]) => publisher !== OTHER),
        ...said,
      });
    } catch (error) {
      this.log.debug({ err: error }, 'could not tell other managers how this one is');
    }
  }
}
