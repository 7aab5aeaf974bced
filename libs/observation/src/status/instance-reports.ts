import type { ReceivedStatus, ServiceStatus } from '@dbem/transport';
import { Injectable } from '@nestjs/common';
import { FlowRecorder } from '../flow/flow-recorder';
import { GONE_AFTER_MS, ReportInterval } from './report-interval';

/** The last report of an instance, with the rates since the previous one. */
export interface InstanceReport {
  readonly status: ServiceStatus;
  readonly isGone: boolean;
  readonly receivedAtMs: number;
  /** Events of a publisher that it applies or finds stale, per second; 0 once it is gone. */
  acknowledgedPerS(publisher: string): number;
  readonly publishedPerS: number;
}

interface KnownInstance {
  status: ServiceStatus;
  receivedAtMs: number;
  acknowledgedPerS: ReadonlyMap<string, number>;
  publishedPerS: number;
}

/** Maximum known instances, including gone ones: in total, and per service, so that no service displaces the others. */
const MAX_INSTANCES = 2_000;
const MAX_INSTANCES_OF_ONE = 100;

/**
 * Stores the reports of the services' instances and records the flow that follows from them. Bounded; empty after a
 * start.
 */
@Injectable()
export class InstanceReports {
  private readonly services = new Map<string, Map<string, KnownInstance>>();
  private count = 0;

  constructor(private readonly flow: FlowRecorder) {}

  receive(status: ServiceStatus, nowMs: number): void {
    if (status.isShuttingDown === true) {
      this.forget(status.service, status.instance);
      return;
    }
    const received = this.of(status, nowMs);
    if (received === undefined) return;
    const before = received.status === status ? undefined : received.status;
    const times = new ReportInterval(status.startedAtMs, before && received.receivedAtMs, nowMs);
    received.acknowledgedPerS = new Map(
      (status.received ?? []).map((now) => [now.publisher, this.noteOut(status.service, now, before, times)]),
    );
    const published = times.increase(status.outbox?.published ?? 0, before && (before.outbox?.published ?? 0));
    received.publishedPerS = published / times.tookS;
    received.status = status;
    received.receivedAtMs = nowMs;
  }

  /** The services with known instances, sorted. */
  names(): string[] {
    return [...this.services.keys()].sort();
  }

  instancesOf(service: string, nowMs: number): InstanceReport[] {
    return [...(this.services.get(service)?.values() ?? [])].map((received) => viewOf(received, nowMs));
  }

  /** Removes instances whose reports timed out long ago. */
  sweep(nowMs: number): void {
    for (const [service, instances] of this.services) {
      for (const [id, { receivedAtMs }] of instances) {
        if (nowMs - receivedAtMs > FORGOTTEN_AFTER_MS) this.forget(service, id);
      }
    }
  }

  /** @returns events applied or found stale, per second. */
  private noteOut(
    service: string,
    now: ReceivedStatus,
    before: ServiceStatus | undefined,
    times: ReportInterval,
  ): number {
    const { publisher } = now;
    const then = before && (before.received?.find((entry) => entry.publisher === publisher) ?? NOTHING_YET);
    const handled = times.increase(now.applied + now.stale, then && then.applied + then.stale);
    const lags = (now.lag ?? []).map((count, index) => times.increase(count, then && (then.lag?.[index] ?? 0)));
    this.flow.noteOut({ publisher, subscriber: service }, handled, lags, times.tookMs, times.nowMs);
    return handled / times.tookS;
  }

  private of(status: ServiceStatus, nowMs: number): KnownInstance | undefined {
    const instances = this.services.get(status.service) ?? new Map<string, KnownInstance>();
    let received = instances.get(status.instance);
    if (received !== undefined) return received;
    const isFull = () => this.count >= MAX_INSTANCES || instances.size >= MAX_INSTANCES_OF_ONE;
    if (isFull()) this.forgetTimedOut(nowMs);
    if (isFull()) return undefined;
    received = { status, receivedAtMs: nowMs, acknowledgedPerS: new Map(), publishedPerS: 0 };
    instances.set(status.instance, received);
    this.services.set(status.service, instances);
    this.count += 1;
    return received;
  }

  private forgetTimedOut(nowMs: number): void {
    for (const [service, instances] of this.services) {
      for (const [id, { receivedAtMs }] of instances)
        if (nowMs - receivedAtMs > GONE_AFTER_MS) this.forget(service, id);
    }
  }

  private forget(service: string, instance: string): void {
    const instances = this.services.get(service);
    if (instances?.delete(instance)) this.count -= 1;
    if (instances?.size === 0) this.services.delete(service);
  }
}

/** How long an instance whose reports timed out is shown as gone. */
const FORGOTTEN_AFTER_MS = 600_000;
const NOTHING_YET = { applied: 0, stale: 0, lag: undefined };

function viewOf(
  { status, receivedAtMs, acknowledgedPerS, publishedPerS }: KnownInstance,
  nowMs: number,
): InstanceReport {
  const isGone = nowMs - receivedAtMs > GONE_AFTER_MS;
  return {
    status,
    isGone,
    receivedAtMs,
    acknowledgedPerS: (publisher) => (isGone ? 0 : (acknowledgedPerS.get(publisher) ?? 0)),
    publishedPerS: isGone ? 0 : publishedPerS,
  };
}
