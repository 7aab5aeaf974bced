import type { EntityType } from '@dbem/db-event';
import { SubscriptionRegistry } from '@dbem/subscription-registry';
import { Inject, Injectable } from '@nestjs/common';
import { FlowRecorder } from '../flow/flow-recorder';
import { GONE_AFTER_MS, HeardTimes } from './heard-times';
import type { ManagerStatus } from './manager-message';

export interface HeardManager {
  readonly status: ManagerStatus;
  readonly isGone: boolean;
  readonly heardAtMs: number;
  readonly receivedPerS: number;
  readonly forwardedPerS: number;
}

interface Received {
  readonly publisher: string;
  readonly entityType: EntityType;
  total: number;
  perS: number;
}

interface Heard {
  status: ManagerStatus;
  heardAtMs: number;
  readonly received: Map<string, Received>;
}

const MAX_MANAGERS = 64;
/** For so long one that fell silent is shown as gone. */
const FORGOTTEN_AFTER_MS = 600_000;

/** How event managers are, this one among them, in their own words, and what that says of the flow. */
@Injectable()
export class HeardManagers {
  private readonly managers = new Map<string, Heard>();

  constructor(
    @Inject(SubscriptionRegistry) private readonly registry: Pick<SubscriptionRegistry, 'map'>,
    private readonly flow: FlowRecorder,
  ) {}

  hear(status: ManagerStatus, nowMs: number): void {
    if (status.isLeaving === true) {
      this.managers.delete(status.manager);
      return;
    }
    const known = this.managers.get(status.manager);
    if (known === undefined && this.managers.size >= MAX_MANAGERS) return;
    const heard: Heard = known ?? { status, heardAtMs: nowMs, received: new Map() };
    const times = new HeardTimes(status.startedAtMs, known?.heardAtMs, nowMs);
    this.noteReceived(heard, status, times, known !== undefined);
    heard.status = status;
    heard.heardAtMs = nowMs;
    this.managers.set(status.manager, heard);
  }

  list(nowMs: number): HeardManager[] {
    return [...this.managers.values()].map((heard) => this.viewOf(heard, nowMs));
  }

  /** Events of a publisher that managers send on to a subscriber, a second. */
  forwardedPerS(nowMs: number): (publisher: string, subscriber: string) => number {
    const { map } = this.registry;
    const rates = new Map<string, number>();
    for (const { received, heardAtMs } of this.managers.values()) {
      if (nowMs - heardAtMs > GONE_AFTER_MS) continue;
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

  sweep(nowMs: number): void {
    for (const [id, { heardAtMs }] of this.managers) {
      if (nowMs - heardAtMs > FORGOTTEN_AFTER_MS) this.managers.delete(id);
    }
  }

  private noteReceived(heard: Heard, { received }: ManagerStatus, times: HeardTimes, isKnown: boolean): void {
    const { map } = this.registry;
    for (const entry of heard.received.values()) entry.perS = 0;
    for (const [publisher, entityType, total] of received) {
      if (!map.hasPublisher(publisher)) continue;
      const key = `${publisher} ${entityType}`;
      const before = heard.received.get(key);
      // One that says all its counts says a new one because it was 0 before.
      const grown = times.grown(total, before?.total ?? (isKnown ? 0 : undefined));
      heard.received.set(key, { publisher, entityType, total, perS: grown / times.tookS });
      this.flow.noteIn(publisher, map.subscribersOf(publisher, entityType), grown, times.tookMs, times.nowMs);
    }
  }

  private viewOf({ status, heardAtMs, received }: Heard, nowMs: number): HeardManager {
    const { map } = this.registry;
    const isGone = nowMs - heardAtMs > GONE_AFTER_MS;
    let receivedPerS = 0;
    let forwardedPerS = 0;
    for (const { publisher, entityType, perS } of isGone ? [] : received.values()) {
      receivedPerS += perS;
      forwardedPerS += perS * map.subscribersOf(publisher, entityType).length;
    }
    return { status, isGone, heardAtMs, receivedPerS, forwardedPerS };
  }
}
