import type { HeardStatus, ServiceStatus } from '@dbem/transport';
import { Injectable } from '@nestjs/common';
import { FlowRecorder } from '../flow/flow-recorder';
import { GONE_AFTER_MS, HeardTimes } from './heard-times';

/** How an instance is, as it was heard last. */
export interface HeardInstance {
  readonly status: ServiceStatus;
  readonly isGone: boolean;
  readonly heardAtMs: number;
  /** Events of a publisher that it settles, a second; 0 once it is gone. */
  settledPerS(publisher: string): number;
  readonly publishedPerS: number;
}

interface Heard {
  status: ServiceStatus;
  heardAtMs: number;
  settledPerS: ReadonlyMap<string, number>;
  publishedPerS: number;
}

/** Instances, gone ones too: of all services, and of one, so that none can push out the others. */
const MAX_INSTANCES = 2_000;
const MAX_INSTANCES_OF_ONE = 100;

/** How the instances of services are, in their own words, and what that says of the flow. Bounded; begins anew with each start. */
@Injectable()
export class HeardServices {
  private readonly services = new Map<string, Map<string, Heard>>();
  private count = 0;

  constructor(private readonly flow: FlowRecorder) {}

  hear(status: ServiceStatus, nowMs: number): void {
    if (status.isLeaving === true) {
      this.forget(status.service, status.instance);
      return;
    }
    const heard = this.of(status, nowMs);
    if (heard === undefined) return;
    const before = heard.status === status ? undefined : heard.status;
    const times = new HeardTimes(status.startedAtMs, before && heard.heardAtMs, nowMs);
    heard.settledPerS = new Map(
      (status.heard ?? []).map((now) => [now.publisher, this.noteOut(status.service, now, before, times)]),
    );
    const published = times.grown(status.outbox?.published ?? 0, before && (before.outbox?.published ?? 0));
    heard.publishedPerS = published / times.tookS;
    heard.status = status;
    heard.heardAtMs = nowMs;
  }

  /** The services of which an instance has been heard, sorted. */
  names(): string[] {
    return [...this.services.keys()].sort();
  }

  instancesOf(service: string, nowMs: number): HeardInstance[] {
    return [...(this.services.get(service)?.values() ?? [])].map((heard) => viewOf(heard, nowMs));
  }

  /** Forgets those who fell silent long ago. */
  sweep(nowMs: number): void {
    for (const [service, instances] of this.services) {
      for (const [id, { heardAtMs }] of instances) {
        if (nowMs - heardAtMs > FORGOTTEN_AFTER_MS) this.forget(service, id);
      }
    }
  }

  /** @returns events settled a second. */
  private noteOut(service: string, now: HeardStatus, before: ServiceStatus | undefined, times: HeardTimes): number {
    const { publisher } = now;
    const then = before && (before.heard?.find((entry) => entry.publisher === publisher) ?? NOTHING_YET);
    const settled = times.grown(now.applied + now.stale, then && then.applied + then.stale);
    const lags = (now.lag ?? []).map((count, index) => times.grown(count, then && (then.lag?.[index] ?? 0)));
    this.flow.noteOut({ publisher, subscriber: service }, settled, lags, times.tookMs, times.nowMs);
    return settled / times.tookS;
  }

  private of(status: ServiceStatus, nowMs: number): Heard | undefined {
    const instances = this.services.get(status.service) ?? new Map<string, Heard>();
    let heard = instances.get(status.instance);
    if (heard !== undefined) return heard;
    const isFull = () => this.count >= MAX_INSTANCES || instances.size >= MAX_INSTANCES_OF_ONE;
    if (isFull()) this.forgetSilent(nowMs);
    if (isFull()) return undefined;
    heard = { status, heardAtMs: nowMs, settledPerS: new Map(), publishedPerS: 0 };
    instances.set(status.instance, heard);
    this.services.set(status.service, instances);
    this.count += 1;
    return heard;
  }

  private forgetSilent(nowMs: number): void {
    for (const [service, instances] of this.services) {
      for (const [id, { heardAtMs }] of instances) if (nowMs - heardAtMs > GONE_AFTER_MS) this.forget(service, id);
    }
  }

  private forget(service: string, instance: string): void {
    const instances = this.services.get(service);
    if (instances?.delete(instance)) this.count -= 1;
    if (instances?.size === 0) this.services.delete(service);
  }
}

/** For so long one that fell silent is shown as gone. */
const FORGOTTEN_AFTER_MS = 600_000;
const NOTHING_YET = { applied: 0, stale: 0, lag: undefined };

function viewOf({ status, heardAtMs, settledPerS, publishedPerS }: Heard, nowMs: number): HeardInstance {
  const isGone = nowMs - heardAtMs > GONE_AFTER_MS;
  return {
    status,
    isGone,
    heardAtMs,
    settledPerS: (publisher) => (isGone ? 0 : (settledPerS.get(publisher) ?? 0)),
    publishedPerS: isGone ? 0 : publishedPerS,
  };
}
