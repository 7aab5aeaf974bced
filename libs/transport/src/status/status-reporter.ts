import { randomUUID } from 'node:crypto';
import type { Lifecycle } from '@dbem/db-event';
import { type Log, PeriodicTask, SILENT_LOG } from '@dbem/runtime';
import type { Broker } from '../broker.port';
import { STATUS_EXCHANGE } from '../topology/topology-names';
import { encodeServiceStatus, type ServiceStatus } from './service-status';
import { SOFTWARE_VERSION } from './software-version';

/** What a part of a service (its outbox, its replica) adds to its status. Asked at each message. */
export type StatusPart = () => Promise<Pick<ServiceStatus, 'outbox' | 'received'>>;

/** Whether the process can do its work, and why not. */
export type ReadinessProbe = () => Promise<{ readonly isReady: boolean; readonly reasons: readonly string[] }>;

export interface StatusReporterOptions {
  /** Default: 2,000. */
  readonly intervalMs?: number;
  readonly log?: Log;
}

/**
 * The longest pause between tries that are refused: the exchange is not there (no event manager has run yet, or an old one), or
 * the broker user has not been given the right.
 */
const MAX_REFUSED_PAUSE_MS = 60_000;
const MAX_REASONS = 10;

/**
 * Tells the event managers how this process is, every two seconds. A status is worth nothing once there is a newer one: what is
 * lost is lost, nobody waits for it, and counts are since the start, so that the next one makes up for it.
 *
 *   idle (no part was added) -start-> telling -(refused)-> pausing -> telling …; any -stop-> says that it leaves -> stopped
 */
export class StatusReporter implements Lifecycle {
  private readonly parts = new Map<string, StatusPart[]>();
  private readonly instance = randomUUID();
  private readonly startedAtMs = Date.now();
  private readiness: ReadinessProbe = async () => ({ isReady: true, reasons: [] });
  private readonly telling: PeriodicTask;

  constructor(
    private readonly broker: Broker,
    { intervalMs = 2_000, log = SILENT_LOG }: StatusReporterOptions = {},
  ) {
    this.telling = new PeriodicTask(() => this.tell(false), {
      intervalMs,
      backoff: { initialMs: 200, maxMs: MAX_REFUSED_PAUSE_MS },
      onError: (error) => log.debug({ err: error }, 'could not tell the event managers how this process is'),
      atEnd: () =>
        this.tell(true).catch((error: unknown) => {
          log.debug({ err: error }, 'could not take leave of the event managers: they notice the silence');
        }),
    });
  }

  /** Before `start`. */
  add(service: string, part: StatusPart): void {
    this.parts.set(service, [...(this.parts.get(service) ?? []), part]);
  }

  /** Before `start`. Without one the process counts as ready while it can reach the broker. */
  probeReadinessBy(probe: ReadinessProbe): void {
    this.readiness = probe;
  }

  async start(): Promise<void> {
    if (this.parts.size > 0) await this.telling.start();
  }

  async stop(): Promise<void> {
    await this.telling.stop();
  }

  private async tell(isShuttingDown: boolean): Promise<void> {
    if (!this.broker.health().isConnected) return;
    const { isReady, reasons } = isShuttingDown ? { isReady: false, reasons: [] } : await this.readiness();
    for (const [service, parts] of this.parts) {
      const said = isShuttingDown ? [] : await Promise.all(parts.map((part) => part()));
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
        ...said,
      );
      await this.broker.publishTransient({
        exchange: STATUS_EXCHANGE,
        routingKey: '',
        body: encodeServiceStatus(status),
      });
    }
  }
}
