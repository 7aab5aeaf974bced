import { randomUUID } from 'node:crypto';
import type { Lifecycle } from '@dbem/db-event';
import { type Log, PeriodicTask, SILENT_LOG } from '@dbem/runtime';
import type { Broker } from '../broker.port';
import { STATUS_EXCHANGE } from '../topology/topology-names';
import { encodeServiceStatus, type ServiceStatus } from './service-status';
import { SOFTWARE_VERSION } from './software-version';

/** What a part of a service (its outbox, its replica) adds to the status report. Called for each report. */
export type StatusPart = () => Promise<Pick<ServiceStatus, 'outbox' | 'received'>>;

/** Whether the process is ready, and why not. */
export type ReadinessProbe = () => Promise<{ readonly isReady: boolean; readonly reasons: readonly string[] }>;

export interface StatusReporterOptions {
  /** ms. Default: 2,000. */
  readonly intervalMs?: number;
  readonly log?: Log;
}

/**
 * Maximum backoff while reports fail: the exchange does not exist (no event manager has run yet, or an older one), or
 * the broker user lacks the permission.
 */
const MAX_BACKOFF_MS = 60_000;
const MAX_REASONS = 10;

/**
 * Reports the process's status to the event managers every two seconds. Reports may be lost: counts are since the
 * start, so the next report makes up for a lost one.
 *
 *   idle (no part was added) -start-> reporting -(failed)-> backing off -> reporting …
 *   any -stop-> publishes the shutdown report -> stopped
 */
export class StatusReporter implements Lifecycle {
  private readonly parts = new Map<string, StatusPart[]>();
  private readonly instance = randomUUID();
  private readonly startedAtMs = Date.now();
  private readiness: ReadinessProbe = async () => ({ isReady: true, reasons: [] });
  private readonly reporting: PeriodicTask;

  constructor(
    private readonly broker: Broker,
    { intervalMs = 2_000, log = SILENT_LOG }: StatusReporterOptions = {},
  ) {
    this.reporting = new PeriodicTask(() => this.report(false), {
      intervalMs,
      backoff: { initialMs: 200, maxMs: MAX_BACKOFF_MS },
      onError: (error) => log.debug({ err: error }, 'could not publish the status report; will retry'),
      atEnd: () =>
        this.report(true).catch((error: unknown) => {
          log.debug({ err: error }, 'could not publish the shutdown report; managers will time this instance out');
        }),
    });
  }

  /** To be called before `start`. */
  add(service: string, part: StatusPart): void {
    this.parts.set(service, [...(this.parts.get(service) ?? []), part]);
  }

  /** To be called before `start`. Without a probe the process is reported as ready. */
  probeReadinessBy(probe: ReadinessProbe): void {
    this.readiness = probe;
  }

  async start(): Promise<void> {
    if (this.parts.size > 0) await this.reporting.start();
  }

  async stop(): Promise<void> {
    await this.reporting.stop();
  }

  private async report(isShuttingDown: boolean): Promise<void> {
    if (!this.broker.health().isConnected) return;
    const { isReady, reasons } = isShuttingDown ? { isReady: false, reasons: [] } : await this.readiness();
    for (const [service, parts] of this.parts) {
      const contributions = isShuttingDown ? [] : await Promise.all(parts.map((part) => part()));
      const status: ServiceStatus = Object.assign(
        {
          service,
          instance: this.instance,
          software: SOFTWARE_VERSION,
          startedAtMs: this.startedAtMs,
          isReady,
          reasons: reasons.slice(0, MAX_REASONS).map((reason) => reason.slice(0, 200)),
        },
        isShuttingDown && { isShuttingDown },
        ...contributions,
      );
      await this.broker.publishTransient({
        exchange: STATUS_EXCHANGE,
        routingKey: '',
        body: encodeServiceStatus(status),
      });
    }
  }
}
