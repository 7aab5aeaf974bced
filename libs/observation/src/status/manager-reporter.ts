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

/**
 * Publishes this manager's report to all event managers, including this one. As with services, lost reports are not
 * resent.
 */
@Injectable()
export class ManagerReporter implements Lifecycle {
  private readonly startedAtMs = Date.now();
  private readonly reporting = new PeriodicTask(() => this.publishState(), {
    intervalMs: INTERVAL_MS,
    onError: (error) => this.noteFailure(error),
    atEnd: () =>
      this.report({ isReady: false, reasons: [], isShuttingDown: true }).catch((error: unknown) =>
        this.noteFailure(error),
      ),
  });
  private readiness: Readiness | undefined;

  constructor(
    private readonly channel: StatusChannel,
    private readonly registry: SubscriptionRegistry,
    private readonly counts: ReceivedCounts,
    private readonly log: Log,
  ) {}

  /** @param readiness available only after all providers have been created. */
  async start(readiness?: Readiness): Promise<void> {
    this.readiness ??= readiness;
    await this.reporting.start();
  }

  async stop(): Promise<void> {
    await this.reporting.stop();
  }

  private async publishState(): Promise<void> {
    const { isReady, reasons } = (await this.readiness?.check()) ?? { isReady: true, reasons: [] };
    await this.report({ isReady, reasons });
  }

  private async report(state: Pick<ManagerStatus, 'isReady' | 'reasons' | 'isShuttingDown'>): Promise<void> {
    await this.channel.publish({
      kind: 'status',
      manager: this.registry.selfId,
      software: SOFTWARE_VERSION,
      startedAtMs: this.startedAtMs,
      received: this.counts.list().filter(([publisher]) => publisher !== OTHER),
      ...state,
    });
  }

  private noteFailure(error: unknown): void {
    this.log.debug({ err: error }, 'could not publish the status of this event manager');
  }
}
