import type { SubscriptionMap } from '@dbem/db-event';
import { SubscriptionRegistry } from '@dbem/subscription-registry';
import { Inject, Injectable } from '@nestjs/common';
import { DepthHistory } from './depth-history';
import type { FlowColumns } from './flow-columns';
import { FlowSeries, STEP_MS, stepOf } from './flow-series';

/** At 12 KiB each, this bounds all of them to 72 MB; further subscriptions have no history. */
const MAX_SERIES = 6_000;

/** Selects the flow of one subscription, of a publisher, of a subscriber, or of all subscriptions. */
export interface FlowKey {
  readonly publisher?: string | undefined;
  readonly subscriber?: string | undefined;
}

/** Records the flow of the last hour, in total and per subscription. In memory: it is empty after each start. */
@Injectable()
export class FlowRecorder {
  private readonly series = new Map<string, FlowSeries>();
  private readonly depths = new Map<string, DepthHistory>();

  /** @param registry only subscriptions in its current map are recorded. */
  constructor(@Inject(SubscriptionRegistry) private readonly registry: Pick<SubscriptionRegistry, 'map'>) {}

  /** An event manager has forwarded `count` events, in the last `tookMs`. */
  noteIn(publisher: string, subscribers: readonly string[], count: number, tookMs: number, nowMs: number): void {
    if (count <= 0 || subscribers.length === 0) return;
    this.of({}, nowMs)?.addIn(count * subscribers.length, tookMs, nowMs);
    this.of({ publisher }, nowMs)?.addIn(count * subscribers.length, tookMs, nowMs);
    for (const subscriber of subscribers) {
      this.of({ subscriber }, nowMs)?.addIn(count, tookMs, nowMs);
      this.of({ publisher, subscriber }, nowMs)?.addIn(count, tookMs, nowMs);
    }
  }

  /**
   * A subscriber has applied, or found stale, `count` events of a publisher in the last `tookMs`.
   *
   * @param lags of the applied events: the number of events to add to each bucket.
   */
  noteOut(
    { publisher, subscriber }: Required<FlowKey>,
    count: number,
    lags: ArrayLike<number>,
    tookMs: number,
    nowMs: number,
  ): void {
    if (count <= 0 || publisher === undefined || subscriber === undefined) return;
    if (this.registry.map.get(publisher, subscriber) === undefined) return;
    for (const key of [{}, { publisher }, { subscriber }, { publisher, subscriber }]) {
      const series = this.of(key, nowMs);
      series?.addOut(count, tookMs, nowMs);
      series?.addLags(lags, nowMs);
    }
  }

  noteDepth(subscriber: string, depth: number, nowMs: number): void {
    let history = this.depths.get(subscriber);
    if (history === undefined) {
      history = new DepthHistory();
      this.depths.set(subscriber, history);
    }
    history.note(depth, nowMs);
  }

  /** The lag quantile of about the last minute; undefined if nothing was applied. */
  recentLagMs(key: FlowKey, part: number, nowMs: number): number | undefined {
    return this.series.get(textOf(key))?.recentLagMs(part, nowMs);
  }

  /** The complete steps of the last `minutes`. */
  columns(key: FlowKey, minutes: number, nowMs: number): FlowColumns {
    const steps = (minutes * 60_000) / STEP_MS;
    const times = Array.from({ length: steps }, (_value, index) => (stepOf(nowMs) - steps + index) * STEP_MS);
    const series = this.series.get(textOf(key));
    const points = times.map((atMs) => series?.at(atMs, nowMs));
    const histories = this.queuesOf(key).flatMap((name) => this.depths.get(name) ?? []);
    return {
      stepS: STEP_MS / 1_000,
      at: times.map((atMs) => atMs / 1_000),
      inPerS: points.map((point) => rounded(point?.inPerS)),
      outPerS: points.map((point) => rounded(point?.outPerS)),
      lagP50Ms: points.map((point) => rounded(point?.lagP50Ms)),
      lagP99Ms: points.map((point) => rounded(point?.lagP99Ms)),
      depth: times.map((atMs) => sumOf(histories.map((history) => history.at(atMs)))),
    };
  }

  /** Drops everything that is no longer in the map. */
  sweep(nowMs: number): void {
    const map = this.registry.map;
    const subscribers = new Set(map.subscriberNames());
    for (const text of this.series.keys()) if (!isIn(map, subscribers, text)) this.series.delete(text);
    for (const [name, history] of this.depths) if (history.isOver(nowMs)) this.depths.delete(name);
  }

  private of(key: FlowKey, nowMs: number): FlowSeries | undefined {
    const text = textOf(key);
    let series = this.series.get(text);
    if (series === undefined && this.series.size < MAX_SERIES) {
      series = new FlowSeries(nowMs);
      this.series.set(text, series);
    }
    return series;
  }

  private queuesOf({ publisher, subscriber }: FlowKey): readonly string[] {
    if (subscriber !== undefined) return [subscriber];
    if (publisher === undefined) return [...this.depths.keys()];
    const subscriptions = this.registry.map.subscriptionsTo(publisher);
    return subscriptions.map((subscription) => subscription.subscriber);
  }
}

/** Service names contain no `~`. */
function textOf({ publisher = '', subscriber = '' }: FlowKey): string {
  return `${publisher}~${subscriber}`;
}

/** Whether the map contains the publisher, subscriber or subscription of a flow. */
function isIn(map: SubscriptionMap, subscribers: ReadonlySet<string>, text: string): boolean {
  const [publisher = '', subscriber = ''] = text.split('~');
  if (publisher === '') return subscriber === '' || subscribers.has(subscriber);
  return subscriber === '' ? map.hasPublisher(publisher) : map.get(publisher, subscriber) !== undefined;
}

function rounded(value: number | undefined): number | null {
  return value === undefined ? null : Number(value.toPrecision(3));
}

function sumOf(values: readonly (number | undefined)[]): number | null {
  const found = values.filter((value) => value !== undefined);
  return found.length === 0 ? null : found.reduce((sum, value) => sum + value, 0);
}
