import type { EntityType } from '@dbem/db-event';
import { SubscriptionRegistry } from '@dbem/subscription-registry';
import { Inject, Injectable } from '@nestjs/common';
import { FlowRecorder } from '../flow/flow-recorder';
import type { ManagerStatus } from './manager-message';
import { GONE_AFTER_MS, ReportInterval } from './report-interval';
import type { UnavailableQueue } from './unavailable-queues.port';

export interface ManagerReport {
  readonly status: ManagerStatus;
  readonly isGone: boolean;
  readonly receivedAtMs: number;
  readonly receivedPerS: number;
  readonly forwardedPerS: number;
}

interface Received {
  readonly publisher: string;
  readonly entityType: EntityType;
  total: number;
  perS: number;
}

interface KnownManager {
  status: ManagerStatus;
  receivedAtMs: number;
  readonly received: Map<string, Received>;
}

const MAX_MANAGERS = 64;
/** How long a manager whose reports timed out is shown as gone. */
const FORGOTTEN_AFTER_MS = 600_000;

/** Stores the reports of the event managers, including this one, and records the flow that follows from them. */
@Injectable()
export class ManagerReports {
  private readonly managers = new Map<string, KnownManager>();

  constructor(
    @Inject(SubscriptionRegistry) private readonly registry: Pick<SubscriptionRegistry, 'map'>,
    private readonly flow: FlowRecorder,
  ) {}

  receive(status: ManagerStatus, nowMs: number): void {
    if (status.isShuttingDown === true) {
      this.managers.delete(status.manager);
      return;
    }
    const known = this.managers.get(status.manager);
    if (known === undefined && this.managers.size >= MAX_MANAGERS) return;
    const report: KnownManager = known ?? { status, receivedAtMs: nowMs, received: new Map() };
    const times = new ReportInterval(status.startedAtMs, known?.receivedAtMs, nowMs);
    this.noteReceived(report, status, times, known !== undefined);
    report.status = status;
    report.receivedAtMs = nowMs;
    this.managers.set(status.manager, report);
  }

  list(nowMs: number): ManagerReport[] {
    return [...this.managers.values()].map((report) => this.viewOf(report, nowMs));
  }

  /** Events of a publisher that the managers forward to a subscriber, per second. */
  forwardedPerS(nowMs: number): (publisher: string, subscriber: string) => number {
    const { map } = this.registry;
    const rates = new Map<string, number>();
    for (const { received, receivedAtMs } of this.managers.values()) {
      if (nowMs - receivedAtMs > GONE_AFTER_MS) continue;
      for (const { publisher, entityType, perS } of received.values()) {
        if (perS === 0) continue;
        for (const subscriber of map.subscribersOf(publisher, entityType)) {
          const key = `${publisher}~${subscriber}`;
          rates.set(key, (rates.get(key) ?? 0) + perS);
        }
      }
    }
    return (publisher, subscriber) => rates.get(`${publisher}~${subscriber}`) ?? 0;
  }

  /** The queues to which live managers can't forward events; a queue may be reported by several. */
  unavailableQueues(nowMs: number): UnavailableQueue[] {
    return [...this.managers.values()].flatMap(({ status, receivedAtMs }) =>
      nowMs - receivedAtMs > GONE_AFTER_MS ? [] : (status.unavailable ?? []),
    );
  }

  sweep(nowMs: number): void {
    for (const [id, { receivedAtMs }] of this.managers) {
      if (nowMs - receivedAtMs > FORGOTTEN_AFTER_MS) this.managers.delete(id);
    }
  }

  private noteReceived(
    report: KnownManager,
    { received }: ManagerStatus,
    times: ReportInterval,
    isKnown: boolean,
  ): void {
    const { map } = this.registry;
    for (const entry of report.received.values()) entry.perS = 0;
    for (const [publisher, entityType, total] of received) {
      if (!map.hasPublisher(publisher)) continue;
      const key = `${publisher} ${entityType}`;
      const before = report.received.get(key);
      // A manager reports all of its counts, so a new one was 0 before.
      const increase = times.increase(total, before?.total ?? (isKnown ? 0 : undefined));
      report.received.set(key, { publisher, entityType, total, perS: increase / times.tookS });
      this.flow.noteIn(publisher, map.subscribersOf(publisher, entityType), increase, times.tookMs, times.nowMs);
    }
  }

  private viewOf({ status, receivedAtMs, received }: KnownManager, nowMs: number): ManagerReport {
    const { map } = this.registry;
    const isGone = nowMs - receivedAtMs > GONE_AFTER_MS;
    let receivedPerS = 0;
    let forwardedPerS = 0;
    for (const { publisher, entityType, perS } of isGone ? [] : received.values()) {
      receivedPerS += perS;
      forwardedPerS += perS * map.subscribersOf(publisher, entityType).length;
    }
    return { status, isGone, receivedAtMs, receivedPerS, forwardedPerS };
  }
}
