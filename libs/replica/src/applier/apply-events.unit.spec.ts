import type { Dependency } from '@dbem/db-event';
import { groupCodec } from '@dbem/entity-codec';
import { beforeEach, describe, expect, it } from 'vitest';
import { type DecodedEvent, decodeEvent, eventIn } from '../events/decoded-event';
import { HandlerTable } from '../handlers/handler-table';
import type { ReplicaChange, ReplicaHandler } from '../handlers/replica-handler';
import {
  arrivedAs,
  failedSince,
  type GroupEvent,
  groupDelivery,
  legacyGroupDelivery,
} from '../spec-support/group-deliveries';
import { InMemoryReplicaTables } from '../spec-support/in-memory-replica-tables';
import { applyEvents } from './apply-events';

const INSERT = 'INSERT INTO db_event.replica_version';
const keyOf = (entityId: string) => `registry GROUP ${entityId}`;

function on(entityId: string, minimumVersion?: bigint): Dependency {
  return { publisher: 'registry', entityType: 'GROUP', entityId, minimumVersion };
}

/** How expectations name a change: by its entity, its version and the name in its bytes. */
function labelOf({
  entityId,
  version,
  entity,
}: Pick<ReplicaChange<unknown>, 'entityId' | 'version' | 'entity'>): string {
  return `${entityId}${version ?? ''}${(entity as { name?: string }).name ?? ''}`;
}

describe('applyEvents', () => {
  let tables: InMemoryReplicaTables;
  let calls: string[];
  let handed: ReplicaChange<unknown>[];
  let handlers: HandlerTable;

  beforeEach(() => {
    tables = new InMemoryReplicaTables();
    calls = [];
    handed = [];
    const handlerOf = (publisher: string): ReplicaHandler => {
      const record = (method: string) => async (changes: readonly ReplicaChange<unknown>[]) => {
        calls.push(`${method} ${publisher}: ${changes.map(({ entityId }) => entityId).join(', ')}`);
        handed.push(...changes);
      };
      return { publisher, codec: groupCodec, upsert: record('upsert'), remove: record('remove') };
    };
    handlers = new HandlerTable([handlerOf('registry'), handlerOf('sharing')]);
  });

  function decoded(delivery: ReturnType<typeof groupDelivery>): DecodedEvent {
    return decodeEvent(eventIn(delivery), delivery, handlers);
  }

  const event = (entityId: string, version: bigint, more: GroupEvent = {}, headers = {}) =>
    decoded(groupDelivery({ entityId, version, ...more }, headers));
  const legacy = (name: string, headers = {}) => decoded(legacyGroupDelivery({ name }, headers));

  async function apply(...events: DecodedEvent[]) {
    const result = await applyEvents(tables.client, events);
    const labelsOf = (those: readonly DecodedEvent[]) => those.map(({ change }) => labelOf(change));
    return {
      applied: result.applied.map(labelOf),
      stale: labelsOf(result.staleEvents),
      staleRetries: labelsOf(result.staleRetries),
      deferred: labelsOf(result.deferredEvents),
      counts: [result.stale, result.deferred],
    };
  }

  it('The newest event of each entity is applied, in any order of arrival, and the others are stale', async () => {
    const result = await apply(event('b', 1n), event('a', 2n), event('a', 3n), event('a', 1n), event('b', 2n));
    expect(result).toEqual({
      applied: ['a3', 'b2'],
      stale: ['b1', 'a2', 'a1'],
      staleRetries: [],
      deferred: [],
      counts: [3, 0],
    });
    expect(calls).toEqual(['upsert registry: a, b']);
    expect(tables.statementsWith(INSERT)[0]?.values[2]).toEqual(['a', 'b']);
  });

  it('A handler gets the decoded change, and whether the replica already had the entity', async () => {
    tables.versions.set(keyOf('b'), { version: 1n });
    await apply(event('a', 2n, { changeTimeMs: 5, name: 'n', crudType: 'READ' }), event('b', 2n));
    const common = { publisher: 'registry', entityType: 'GROUP', version: 2n };
    expect(handed).toStrictEqual([
      { ...common, entityId: 'a', entity: { id: 'a', name: 'n' }, crudType: 'READ', changeTimeMs: 5, isFirst: true },
      { ...common, entityId: 'b', entity: { id: 'b' }, crudType: 'UPDATE', changeTimeMs: undefined, isFirst: false },
    ]);
  });

  it('Changes go to their handlers, upserts before deletes, and no handler is called without a change', async () => {
    const result = await apply(
      event('d', 1n, { crudType: 'DELETE' }),
      event('c', 1n),
      event('b', 1n, { publisher: 'sharing', crudType: 'DELETE' }),
      event('a', 1n),
      event('e', 1n, { crudType: 'DELETE' }),
    );
    expect(calls).toEqual(['upsert registry: a, c', 'remove registry: d, e', 'remove sharing: b']);
    expect(result.applied).toEqual(['a1', 'c1', 'd1', 'e1', 'b1']);
  });

  it('An event that the gate rejects is stale, and counts as a stale retry if it had failed before', async () => {
    tables.versions.set(keyOf('a'), { version: 5n });
    tables.versions.set(keyOf('b'), { version: 5n });
    const result = await apply(event('a', 5n), event('b', 4n, {}, failedSince('2026-11-01')));
    expect(result).toEqual({ applied: [], stale: ['a5', 'b4'], staleRetries: ['b4'], deferred: [], counts: [2, 0] });
    expect(calls).toEqual([]);
  });

  it('An event is applied after its dependencies', async () => {
    await apply(
      event('a', 1n, { dependencies: [on('b')] }),
      event('b', 1n, { dependencies: [on('c')] }),
      event('c', 1n),
    );
    expect(calls).toEqual(['upsert registry: c', 'upsert registry: b', 'upsert registry: a']);
  });

  it('An event whose dependency is missing is deferred', async () => {
    const result = await apply(event('a', 1n, { dependencies: [on('owner', 5n)] }), event('b', 1n));
    expect(result).toEqual({ applied: ['b1'], stale: [], staleRetries: [], deferred: ['a1'], counts: [0, 1] });
    expect(Object.fromEntries(tables.deferred)).toEqual({ [keyOf('a')]: 1n });
  });

  it('An older event of an entity is applied while the newest one is deferred', async () => {
    const result = await apply(
      event('a', 1n),
      event('a', 3n, { dependencies: [on('owner')] }),
      event('a', 2n),
      event('b', 1n),
    );
    expect(result).toEqual({
      applied: ['b1', 'a2'],
      stale: ['a1'],
      staleRetries: [],
      deferred: ['a3'],
      counts: [1, 1],
    });
  });

  it('An older event is stale if both it and the newer one are deferred', async () => {
    const dependencies = [on('owner')];
    const result = await apply(event('a', 1n, { dependencies }), event('a', 2n, { dependencies }));
    expect(result).toEqual({ applied: [], stale: ['a1'], staleRetries: [], deferred: ['a2'], counts: [1, 1] });
    expect(tables.deferred.get(keyOf('a'))).toBe(2n);
  });

  it('A duplicate of a deferred event is stale', async () => {
    const one = event('a', 2n, { dependencies: [on('owner')] });
    const result = await apply(one, event('a', 2n, { dependencies: [on('owner')] }));
    expect(result).toEqual({ applied: [], stale: ['a2'], staleRetries: [], deferred: ['a2'], counts: [1, 1] });
  });

  it('An event with a missing dependency is stale if a newer one is already deferred', async () => {
    tables.deferred.set(keyOf('a'), 9n);
    const result = await apply(event('a', 2n, { dependencies: [on('owner')] }));
    expect(result).toEqual({ applied: [], stale: ['a2'], staleRetries: [], deferred: [], counts: [1, 0] });
  });

  it('A released event is no longer deferred once it is applied', async () => {
    tables.deferred.set(keyOf('a'), 2n);
    tables.deferred.set(keyOf('b'), 2n);
    const released = { ...event('a', 2n), deferredSince: new Date(0) };
    expect(await apply(released, event('b', 2n))).toMatchObject({ applied: ['a2', 'b2'] });
    expect([...tables.deferred.keys()]).toEqual([keyOf('b')]);
  });

  it('A released event that must wait again stays deferred, and is not counted again', async () => {
    tables.deferred.set(keyOf('a'), 2n);
    const released = { ...event('a', 2n, { dependencies: [on('owner')] }), deferredSince: new Date(0) };
    expect(await apply(released)).toEqual({ applied: [], stale: [], staleRetries: [], deferred: [], counts: [0, 0] });
    expect(tables.deferred.get(keyOf('a'))).toBe(2n);
  });

  describe('Events of legacy publishers', () => {
    it('The legacy event with the latest arrival is applied, in any order, and does not change the version', async () => {
      const events = [2n, 3n, 1n].map((arrival) => legacy(String(arrival), arrivedAs(arrival)));
      expect(await apply(...events)).toMatchObject({ applied: ['g3'], stale: ['g2', 'g1'] });
      expect(tables.versions.get(keyOf('g'))).toMatchObject({ version: 0n, arrival: 3n });
    });

    it('A legacy event that is redelivered is stale, also as a retry', async () => {
      const failed = { ...failedSince('2026-11-01'), ...arrivedAs(1n) };
      await apply(legacy('one', arrivedAs(1n)), legacy('two', arrivedAs(2n)));
      expect(await apply(legacy('two', arrivedAs(2n)))).toMatchObject({ applied: [], stale: ['gtwo'] });
      expect(await apply(legacy('one', failed))).toMatchObject({ applied: [], staleRetries: ['gone'] });
    });

    it('Of legacy events without an arrival, the last one is applied', async () => {
      expect(await apply(legacy('one'), legacy('two'), legacy('three'))).toMatchObject({
        applied: ['gthree'],
        stale: ['gone', 'gtwo'],
      });
    });

    it('An arrival stays in the gate when an event without one replaces its event in the same batch', async () => {
      const events = [legacy('seven', arrivedAs(7n)), legacy('none'), legacy('three', arrivedAs(3n))];
      expect(await apply(...events)).toMatchObject({ applied: ['gnone'], stale: ['gseven', 'gthree'] });
      expect((await apply(legacy('seven', arrivedAs(7n)))).stale).toEqual(['gseven']);
    });

    it('An arrival stays in the gate when a version replaces its event in the same batch', async () => {
      expect((await apply(legacy('legacy', arrivedAs(7n)), event('g', 1n))).applied).toEqual(['g1']);
      expect((await apply(legacy('legacy', arrivedAs(7n)))).stale).toEqual(['glegacy']);
      expect((await apply(legacy('later', arrivedAs(8n)))).applied).toEqual(['glater']);
    });

    it('A legacy event that is redelivered does not replace a version in its batch', async () => {
      tables.versions.set(keyOf('g'), { version: 1n, arrival: 5n });
      const result = await apply(event('g', 2n), event('g', 3n), legacy('legacy', arrivedAs(5n)));
      expect(result).toMatchObject({ applied: ['g3'], stale: ['g2', 'glegacy'] });
    });

    it('A version that is redelivered does not replace a legacy event in its batch', async () => {
      tables.versions.set(keyOf('g'), { version: 9n });
      const result = await apply(legacy('one', arrivedAs(1n)), legacy('two', arrivedAs(2n)), event('g', 3n));
      expect(result).toMatchObject({ applied: ['gtwo'], stale: ['gone', 'g3'] });
      expect(tables.versions.get(keyOf('g'))).toMatchObject({ version: 9n, arrival: 2n });
    });

    it('A legacy event that arrives after the newer of two versions wins over both', async () => {
      expect((await apply(event('g', 9n), legacy('legacy'), event('g', 3n))).applied).toEqual(['glegacy']);
      expect(tables.versions.get(keyOf('g'))?.version).toBe(9n);
    });

    it('A legacy event that arrives before the newer of two versions is replaced by it', async () => {
      expect((await apply(event('g', 3n), legacy('legacy'), event('g', 9n))).applied).toEqual(['g9']);
    });

    it('A legacy event that arrives after a version is applied, and the gate keeps the version that it replaces', async () => {
      const result = await apply(event('g', 4n), event('g', 7n), event('g', 5n), event('h', 9n), legacy('legacy'));
      expect(result).toMatchObject({ applied: ['glegacy', 'h9'], stale: ['g4', 'g7', 'g5'] });
      expect(tables.versions.get(keyOf('g'))?.version).toBe(7n);
      // A redelivered event of that version is stale.
      expect((await apply(event('g', 7n))).stale).toEqual(['g7']);
    });

    it('A legacy event that arrives before a version that is deferred is replaced by it', async () => {
      const result = await apply(legacy('legacy', arrivedAs(1n)), event('g', 2n, { dependencies: [on('owner')] }));
      expect(result).toMatchObject({ applied: [], stale: ['glegacy'], deferred: ['g2'] });
    });

    it('A legacy event that arrives before a version is replaced by it', async () => {
      expect(await apply(legacy('legacy'), event('g', 1n))).toMatchObject({ applied: ['g1'], stale: ['glegacy'] });
    });
  });

  it('The highest repair among events of one version is applied', async () => {
    const repairs = [1n, 3n, 2n].map((repairNumber) =>
      event('g', 5n, { repairNumber, name: `repair ${repairNumber}` }),
    );
    expect(await apply(...repairs)).toMatchObject({ applied: ['g5repair 3'], counts: [2, 0] });
  });

  it('An empty batch applies nothing', async () => {
    expect(await apply()).toEqual({ applied: [], stale: [], staleRetries: [], deferred: [], counts: [0, 0] });
    expect(calls).toEqual([]);
  });
});
