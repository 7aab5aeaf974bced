import type { DatabaseClock } from '@dbem/postgres';
import { addSampledCounter, EventHistogram, type HistogramSeries, LATENCY_BUCKETS_S } from '@dbem/telemetry';
import { Counter, type Registry } from 'prom-client';
import type { OutboxRow } from '../outbox-store.port';
import type { RelayObserver } from '../relay/relay';
import type { PublishedCounts } from './published-counts';

/** Counts and times what a relay does. Heartbeats are counted separately, so that an idle publisher looks idle. */
export class RelayMetrics implements RelayObserver {
  private readonly failedTotal: Counter;
  private readonly heartbeatsTotal: Counter;
  private readonly commitToClaim: HistogramSeries;
  private readonly claimToConfirm: HistogramSeries;

  /** @param clock of the publisher's database, which also timestamps the changes. */
  constructor(
    registry: Registry,
    private readonly publisher: string,
    private readonly clock: DatabaseClock,
    private readonly counts: PublishedCounts,
  ) {
    const registers = [registry];
    addSampledCounter(registry, {
      name: 'dbem_relay_published_total',
      help: 'Changes confirmed by the broker.',
      labelNames: ['publisher', 'entity_type'],
      total: () => [...counts.list()].map(([entity_type, value]) => ({ labels: { publisher, entity_type }, value })),
    });
    this.failedTotal = new Counter({
      name: 'dbem_relay_failed_total',
      help: 'Changes that the broker did not confirm; they stay in the outbox and are retried.',
      labelNames: ['publisher'],
      registers,
    });
    this.heartbeatsTotal = new Counter({
      name: 'dbem_relay_heartbeats_total',
      help: 'Heartbeats confirmed by the broker.',
      labelNames: ['publisher'],
      registers,
    });
    this.commitToClaim = new EventHistogram({
      name: 'dbem_relay_commit_to_claim_seconds',
      help: 'Time from the change in the publisher’s transaction to its claim by the relay.',
      labelNames: ['publisher'],
      buckets: LATENCY_BUCKETS_S,
      registers,
    }).series(publisher);
    this.claimToConfirm = new EventHistogram({
      name: 'dbem_relay_claim_to_confirm_seconds',
      help: 'Time from the claim by the relay to the broker’s confirm.',
      labelNames: ['publisher'],
      buckets: LATENCY_BUCKETS_S,
      registers,
    }).series(publisher);
  }

  claimed(rows: readonly OutboxRow[]): void {
    const nowMs = this.clock.nowMs();
    for (const { changeTimeMs, isHeartbeat } of rows) {
      if (!isHeartbeat) this.commitToClaim.observe(Math.max(nowMs - changeTimeMs, 0) / 1_000);
    }
  }

  confirmed({ entityType, isHeartbeat }: OutboxRow, tookMs: number): void {
    if (isHeartbeat) {
      this.heartbeatsTotal.inc({ publisher: this.publisher });
      return;
    }
    this.counts.add(entityType);
    this.claimToConfirm.observe(tookMs / 1_000);
  }

  failed(count: number): void {
    this.failedTotal.inc({ publisher: this.publisher }, count);
  }
}
