import { DatabaseClock } from '@dbem/postgres';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { valuesOf } from '../../../../test/support/metrics/values-of';
import type { OutboxRow } from '../outbox-store.port';
import { ScriptedQueries } from '../spec-support/scripted-queries';
import { PublishedCounts } from './published-counts';
import { RelayMetrics } from './relay-metrics';

const NOW_MS = 1_700_000_000_000;
const row: OutboxRow = {
  version: 1n,
  entityType: 'GROUP',
  entityId: 'g',
  crudType: 'UPDATE',
  entity: Buffer.alloc(0),
  changeTimeMs: NOW_MS - 250,
};

describe('RelayMetrics', () => {
  let registry: Registry;
  let metrics: RelayMetrics;
  beforeEach(() => {
    vi.useFakeTimers({ now: NOW_MS });
    registry = new Registry();
    metrics = new RelayMetrics(registry, 'registry', new DatabaseClock(new ScriptedQueries()), new PublishedCounts());
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** A metric's values with their labels; for a histogram, those with this suffix. */
  async function seriesOf(name: string, suffix = ''): Promise<unknown> {
    const values = await valuesOf(registry, name);
    return values
      .filter(({ metricName = name }) => metricName === `${name}${suffix}`)
      .map(({ labels, value }) => ({ ...labels, value }));
  }

  it('Confirmed changes are counted by entity type, and timed from their claim', async () => {
    metrics.confirmed(row, 40);
    metrics.confirmed(row, 60);
    metrics.confirmed({ ...row, entityType: 'PROJECT' }, 100);
    expect(await seriesOf('dbem_relay_published_total')).toEqual([
      { publisher: 'registry', entity_type: 'GROUP', value: 2 },
      { publisher: 'registry', entity_type: 'PROJECT', value: 1 },
    ]);
    expect(await seriesOf('dbem_relay_claim_to_confirm_seconds', '_sum')).toEqual([
      { publisher: 'registry', value: expect.closeTo(0.2) },
    ]);
    expect(await seriesOf('dbem_relay_claim_to_confirm_seconds', '_count')).toEqual([
      { publisher: 'registry', value: 3 },
    ]);
    expect(await seriesOf('dbem_relay_heartbeats_total')).toEqual([]);
  });

  it('Heartbeats are counted separately and not timed', async () => {
    metrics.claimed([{ ...row, isHeartbeat: true }]);
    metrics.confirmed({ ...row, isHeartbeat: true }, 40);
    expect(await seriesOf('dbem_relay_heartbeats_total')).toEqual([{ publisher: 'registry', value: 1 }]);
    expect(await seriesOf('dbem_relay_published_total')).toEqual([]);
    expect(await seriesOf('dbem_relay_commit_to_claim_seconds', '_count')).toEqual([
      { publisher: 'registry', value: 0 },
    ]);
    expect(await seriesOf('dbem_relay_claim_to_confirm_seconds', '_count')).toEqual([
      { publisher: 'registry', value: 0 },
    ]);
  });

  it('Claimed changes are timed from their change time, and one with a future time counts as 0 s', async () => {
    metrics.claimed([row, { ...row, changeTimeMs: NOW_MS + 5_000 }, { ...row, changeTimeMs: NOW_MS - 1_000 }]);
    expect(await seriesOf('dbem_relay_commit_to_claim_seconds', '_sum')).toEqual([
      { publisher: 'registry', value: expect.closeTo(1.25) },
    ]);
    expect(await seriesOf('dbem_relay_commit_to_claim_seconds', '_count')).toEqual([
      { publisher: 'registry', value: 3 },
    ]);
  });

  it('Failed publishes are counted', async () => {
    metrics.failed(2);
    metrics.failed(3);
    expect(await seriesOf('dbem_relay_failed_total')).toEqual([{ publisher: 'registry', value: 5 }]);
  });

  it('Series are labelled with the publisher', async () => {
    metrics.claimed([row]);
    metrics.confirmed(row, 1);
    const text = await registry.metrics();
    expect(text).toContain('dbem_relay_commit_to_claim_seconds_count{publisher="registry"} 1');
    expect(text).toContain('dbem_relay_claim_to_confirm_seconds_count{publisher="registry"} 1');
  });
});
