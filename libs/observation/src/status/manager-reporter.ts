import type { Lifecycle } from '@dbem/db-event';
import { Log, PeriodicTask, type Readiness } from '@dbem/runtime';
import { SubscriptionRegistry } from '@dbem/subscription-registry';
import { OTHER } from '@dbem/telemetry';
import { SOFTWARE_VERSION } from '@dbem/transport';
import { Injectable } from '@nestjs/common';
import type { ManagerStatus } from './manager-message';
import { ReceivedCounts } from './received-counts';
import { StatusChannel } from './status-channel';
import type { UnavailableQueues } from './unavailable-queues.port';

const INTERVAL_MS = 2_000;

/** As many as a report may contain. */
const MAX_UNAVAILABLE = 10_000;

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
  private queues: UnavailableQueues | undefined;

  constructor(
    private readonly channel: StatusChannel,
    private readonly registry: SubscriptionRegistry,
    private readonly counts: ReceivedCounts,
    private readonly log: Log,
  ) {}

  /**
   * Reports periodically, and at each change of `queues` at once. Both parameters are available only after all
   * providers have been created.
   */
  async start(readiness?: Readiness, queues?: UnavailableQueues): Promise<void> {
    this.readiness ??= readiness;
    this.queues ??= queues;
    queues?.onChange(() => this.reporting.wake());
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
      unavailable: this.queues?.unavailable.slice(0, MAX_UNAVAILABLE) ?? [],
      received: this.counts.list().filter(([publisher]) => publisher !== OTHER),
      ...state,
    });
  }

  private noteFailure(error: unknown): void {
    this.log.debug({ err: error }, 'could not publish the status of this event manager');
  }
}
