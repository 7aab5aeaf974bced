import type { Lifecycle } from '@dbem/db-event';
import { Log, PeriodicTask, type Readiness } from '@dbem/runtime';
import { SubscriptionRegistry } from '@dbem/subscription-registry';
import { OTHER } from '@dbem/telemetry';
import { SOFTWARE_VERSION } from '@dbem/transport';
import { Injectable } from '@nestjs/common';
import type { ManagerStatus } from './manager-message';
import { ReceivedCounts } from './received-counts';
import { StatusChannel } from './status-channel';

const INTERVAL_MS = 2_000;

/** Tells all event managers, this one too, how this one is. As with a service's status, what is lost is lost. */
@Injectable()
export class ManagerReporter implements Lifecycle {
  private readonly startedAtMs = Date.now();
  private readonly telling = new PeriodicTask(() => this.publishState(), {
    intervalMs: INTERVAL_MS,
    onError: (error) => this.noteFailure(error),
    atEnd: () =>
      this.tell({ isReady: false, reasons: [], isShuttingDown: true }).catch((error: unknown) =>
        this.noteFailure(error),
      ),
  });
  private readiness: Readiness | undefined;

  constructor(
    private readonly line: StatusChannel,
    private readonly registry: SubscriptionRegistry,
    private readonly counts: ReceivedCounts,
    private readonly log: Log,
  ) {}

  /** @param readiness known only once everything is made. */
  async start(readiness?: Readiness): Promise<void> {
    this.readiness ??= readiness;
    await this.telling.start();
  }

  async stop(): Promise<void> {
    await this.telling.stop();
  }

  private async publishState(): Promise<void> {
    const { isReady, reasons } = (await this.readiness?.look()) ?? { isReady: true, reasons: [] };
    await this.tell({ isReady, reasons });
  }

  private async tell(said: Pick<ManagerStatus, 'isReady' | 'reasons' | 'isShuttingDown'>): Promise<void> {
    await this.line.publish({
      kind: 'status',
      manager: this.registry.selfId,
      software: SOFTWARE_VERSION,
      startedAtMs: this.startedAtMs,
      received: this.counts.list().filter(([publisher]) => publisher !== OTHER),
      ...said,
    });
  }

  private noteFailure(error: unknown): void {
    this.log.debug({ err: error }, 'could not tell other managers how this one is');
  }
}
