import type { DbEvent } from '@dbem/db-event';
import { groupCodec } from '@dbem/entity-codec';
import type { Delivery } from '@dbem/transport';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { decodeEvent, eventIn } from '../events/decoded-event';
import { HandlerTable } from '../handlers/handler-table';
import { failedSince, groupDelivery, legacyGroupDelivery } from '../spec-support/group-deliveries';
import { InMemoryReplicaTables } from '../spec-support/in-memory-replica-tables';
import { rejectBehindHorizon } from './reject-behind-horizon';

const ignore = async () => {};
const handlers = new HandlerTable([{ publisher: 'registry', codec: groupCodec, upsert: ignore, remove: ignore }]);
const NOW_MS = Date.parse('2026-11-30T00:00:00Z');
const DAY_MS = 86_400_000;

describe('rejectBehindHorizon', () => {
  let tables: InMemoryReplicaTables;
  beforeEach(() => {
    vi.useFakeTimers({ now: NOW_MS });
    tables = new InMemoryReplicaTables();
    tables.horizons.set('registry', 100n);
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  async function reject(...deliveries: Delivery[]): Promise<void> {
    const events = deliveries.map((delivery) => decodeEvent(eventIn(delivery), delivery, handlers));
    await rejectBehindHorizon(tables.client, events);
  }

  const oldEvent = (event: Partial<DbEvent> = {}) =>
    groupDelivery({ version: 5n, changeTimeMs: NOW_MS - 2 * DAY_MS, ...event });
  const behindHorizon = expect.objectContaining({
    code: 'EVENT_BEHIND_HORIZON',
    message: expect.stringMatching(/^The event of "g" is older than .* may have been deleted since\. Reconcile it/),
  });

  it('An old event of an unknown entity is rejected up to the horizon, and passes beyond it', async () => {
    await expect(reject(oldEvent({ version: 100n }))).rejects.toThrow(behindHorizon);
    await reject(oldEvent({ version: 101n }));
    tables.versions.set('registry GROUP g', { version: 1n });
    await reject(oldEvent());
  });

  it('An old event is checked under the lock that prevents a concurrent sweep', async () => {
    await reject(oldEvent({ version: 101n }));
    expect(tables.statements.map(({ text, values }) => [text.includes('advisory'), values])).toEqual([
      [true, [7_240_861]],
      [false, [['registry'], ['GROUP'], ['g'], ['101']]],
    ]);
  });

  it.each<[string, boolean, Delivery]>([
    ['A change from a day ago', false, groupDelivery({ changeTimeMs: NOW_MS - DAY_MS })],
    ['A change from more than a day ago', true, groupDelivery({ changeTimeMs: NOW_MS - DAY_MS - 1 })],
    ['A change of unknown time', true, groupDelivery()],
    ['A row of a backfill', false, oldEvent({ crudType: 'READ' })],
    ['A row of a backfill that failed', true, groupDelivery({ crudType: 'READ' }, failedSince('2026-11-29'))],
    ['A recent change that failed', true, groupDelivery({ changeTimeMs: NOW_MS }, failedSince('2026-11-29'))],
    ['A legacy publisher’s event', false, legacyGroupDelivery()],
    ['A legacy publisher’s event that failed', false, legacyGroupDelivery({}, failedSince('2026-11-01'))],
  ])('%s is checked against the horizon: %s', async (_what, isChecked, delivery) => {
    tables.versions.set('registry GROUP g', { version: 1n });
    await reject(delivery);
    expect(tables.statements.length > 0).toBe(isChecked);
  });

  it('A batch is rejected if one of its events is behind the horizon', async () => {
    tables.versions.set('registry GROUP there', { version: 1n });
    await expect(
      reject(oldEvent({ entityId: 'there' }), groupDelivery({ changeTimeMs: NOW_MS }), oldEvent()),
    ).rejects.toThrow(behindHorizon);
  });
});
