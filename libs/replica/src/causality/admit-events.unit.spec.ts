import type { Dependency } from '@dbem/db-event';
import { groupCodec } from '@dbem/entity-codec';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type DecodedEvent, decodeEvent, eventIn } from '../events/decoded-event';
import { HandlerTable } from '../handlers/handler-table';
import { compareKeys } from '../postgres/version-gate';
import { arrivedAs, groupDelivery, legacyGroupDelivery } from '../spec-support/group-deliveries';
import { InMemoryReplicaTables } from '../spec-support/in-memory-replica-tables';
import { admitEvents, type Newest } from './admit-events';

const ignore = async () => {};
const handlers = new HandlerTable([{ publisher: 'registry', codec: groupCodec, upsert: ignore, remove: ignore }]);
const INSERT = 'INSERT INTO db_event.replica_version';
const DROP = 'DELETE FROM db_event.replica_version';
const PLACEHOLDER = '-1';

function on(entityId: string, minimumVersion?: bigint): Dependency {
  return { publisher: 'registry', entityType: 'GROUP', entityId, minimumVersion };
}

function decoded(delivery: ReturnType<typeof groupDelivery>): DecodedEvent {
  return decodeEvent(eventIn(delivery), delivery, handlers);
}

function eventOf(entityId: string, version: bigint, ...dependencies: Dependency[]): DecodedEvent {
  return decoded(groupDelivery({ entityId, version, dependencies }));
}

const keyOf = (entityId: string) => `registry GROUP ${entityId}`;

describe('admitEvents', () => {
  let tables: InMemoryReplicaTables;
  beforeEach(() => {
    tables = new InMemoryReplicaTables();
    vi.spyOn(Math, 'random').mockReturnValue(0);
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  async function admit(events: DecodedEvent[], newest: ReadonlyMap<string, Newest> = new Map()) {
    const admission = await admitEvents(tables.client, events.sort(compareKeys), newest);
    return {
      passed: [...admission.passes.keys()].sort(),
      layers: admission.layers.map((layer) => layer.map(({ change }) => change.entityId)),
      blocked: admission.blocked.map(
        ({ event, waitsFor }) => `${event.change.entityId} waits for ${waitsFor.entityId}`,
      ),
    };
  }

  /** The ids and versions of each statement at the gate. */
  const atGate = () => tables.statementsWith(INSERT).map(({ values: [, , ids, versions] }) => ({ ids, versions }));

  it('Events without dependencies go to the gate with one statement, and no other statement is run', async () => {
    tables.versions.set(keyOf('b'), { version: 9n });
    expect(await admit([eventOf('b', 5n), eventOf('a', 4n)])).toEqual({
      passed: [keyOf('a')],
      layers: [['a', 'b']],
      blocked: [],
    });
    expect(tables.statements).toHaveLength(1);
    expect(atGate()).toEqual([{ ids: ['a', 'b'], versions: ['4', '5'] }]);
  });

  it('An event goes to the gate with the fields of its envelope', async () => {
    const repair = decoded(groupDelivery({ crudType: 'DELETE', version: 5n, repairNumber: 3n }));
    await admit([repair]);
    expect(tables.statements[0]?.values).toEqual(['registry', 'GROUP', ['g'], ['5'], true, '3']);
  });

  it('A legacy publisher’s event goes to the gate with the newest version of its entity in the batch', async () => {
    const newest = new Map([[keyOf('g'), { version: 7n, arrival: 6n }]]);
    await admit([decoded(legacyGroupDelivery()), decoded(legacyGroupDelivery({ entityId: 'h' }))], newest);
    await admit([decoded(legacyGroupDelivery({}, arrivedAs(6n)))], newest);
    await admit([eventOf('g', 8n)], newest);
    expect(atGate().map(({ versions }) => versions)).toEqual([['7', '0'], ['7'], ['8']]);
    expect(tables.statementsWith(INSERT).map(({ values }) => values[5])).toEqual([['6', null], ['6'], ['6']]);
  });

  it('An event is admitted after its dependency in the same batch, with one statement for both', async () => {
    expect(await admit([eventOf('a', 1n, on('b', 5n)), eventOf('b', 5n)])).toEqual({
      passed: [keyOf('a'), keyOf('b')],
      layers: [['b'], ['a']],
      blocked: [],
    });
    expect(atGate()).toEqual([{ ids: ['a', 'b'], versions: ['1', '5'] }]);
    expect(tables.statementsWith(DROP)).toEqual([]);
  });

  it('An event whose dependency the replica has is admitted', async () => {
    tables.versions.set(keyOf('owner'), { version: 5n });
    expect(await admit([eventOf('a', 1n, on('owner', 5n))])).toEqual({
      passed: [keyOf('a')],
      layers: [['a']],
      blocked: [],
    });
  });

  it('A missing dependency goes to the gate as a placeholder, in key order, and is deleted at the end', async () => {
    const events = [eventOf('x', 1n, on('owner', 5n)), eventOf('a', 1n), eventOf('z', 1n)];
    expect(await admit(events)).toEqual({
      passed: [keyOf('a'), keyOf('owner'), keyOf('z')],
      layers: [['a', 'z']],
      blocked: ['x waits for owner'],
    });
    expect(atGate()).toEqual([{ ids: ['a', 'owner', 'z'], versions: ['1', PLACEHOLDER, '1'] }]);
    // A placeholder is marked as deleted, so it does not count as an entity.
    expect(tables.statementsWith(INSERT)[0]?.values[4]).toEqual([false, true, false]);
    expect(tables.statementsWith(DROP).map(({ values }) => values)).toEqual([[['registry'], ['GROUP'], ['owner']]]);
    expect([...tables.versions.keys()].sort()).toEqual([keyOf('a'), keyOf('z')]);
  });

  it('A dependency that another instance applies concurrently is found once its row is locked', async () => {
    tables.beforeResult = ({ values: [, , ids] }) => {
      if ((ids as string[]).includes('owner') && atGate().length === 1)
        tables.versions.set(keyOf('owner'), { version: 5n });
    };
    expect(await admit([eventOf('x', 1n, on('owner', 5n))])).toEqual({
      passed: [keyOf('x')],
      layers: [['x']],
      blocked: [],
    });
    expect(atGate().map(({ ids }) => ids)).toEqual([['owner'], ['x']]);
    expect(tables.versions.get(keyOf('owner'))).toEqual({ version: 5n });
  });

  it('Events that wait for the same change share one placeholder', async () => {
    const events = [eventOf('x', 1n, on('owner', 5n)), eventOf('y', 1n, on('owner', 6n))];
    expect((await admit(events)).blocked).toEqual(['x waits for owner', 'y waits for owner']);
    expect(atGate()).toEqual([{ ids: ['owner'], versions: [PLACEHOLDER] }]);
  });

  it('A dependency that is at the gate itself, with a lower version, needs no placeholder', async () => {
    const events = [eventOf('owner', 4n), eventOf('x', 1n, on('owner', 5n))];
    expect(await admit(events)).toEqual({
      passed: [keyOf('owner')],
      layers: [['owner']],
      blocked: ['x waits for owner'],
    });
    expect(atGate()).toEqual([{ ids: ['owner'], versions: ['4'] }]);
    expect(tables.statementsWith(DROP)).toEqual([]);
    expect(tables.versions.has(keyOf('owner'))).toBe(true);
  });

  it('A dependency that another instance applies with a higher version than the one at the gate is found', async () => {
    tables.beforeResult = ({ text, values: [, , ids] }) => {
      if (text.includes(INSERT) && (ids as string[]).includes('owner'))
        tables.versions.set(keyOf('owner'), { version: 5n });
    };
    expect(await admit([eventOf('owner', 4n), eventOf('x', 1n, on('owner', 5n))])).toEqual({
      passed: [keyOf('x')],
      layers: [['owner'], ['x']],
      blocked: [],
    });
  });

  it('An event with several missing dependencies keeps waiting for the one whose row is locked', async () => {
    vi.spyOn(Math, 'random').mockReturnValueOnce(0.99).mockReturnValue(0);
    expect((await admit([eventOf('x', 1n, on('one'), on('other'))])).blocked).toEqual(['x waits for other']);
    expect(atGate().map(({ ids }) => ids)).toEqual([['other']]);
    expect(tables.statementsWith(DROP)).toHaveLength(1);
  });

  it('A dependency that appears leads to the next missing one, and all placeholders are deleted at the end', async () => {
    tables.beforeResult = ({ values: [, , ids] }) => {
      if ((ids as string[]).includes('one') && atGate().length === 1)
        tables.versions.set(keyOf('one'), { version: 1n });
    };
    const events = [eventOf('x', 1n, on('one'), on('other')), eventOf('y', 1n, on('third'))];
    expect(await admit(events)).toEqual({
      passed: [keyOf('other'), keyOf('third')],
      layers: [],
      blocked: ['x waits for other', 'y waits for third'],
    });
    expect(atGate().map(({ ids }) => ids)).toEqual([['one', 'third'], ['other']]);
    expect(tables.statementsWith(DROP)[0]?.values[2]).toEqual(['one', 'third', 'other']);
    expect([...tables.versions.keys()]).toEqual([keyOf('one')]);
  });

  it('Layers of later rounds come after those of earlier rounds', async () => {
    tables.beforeResult = ({ values: [, , ids] }) => {
      if ((ids as string[]).includes('owner') && atGate().length === 1)
        tables.versions.set(keyOf('owner'), { version: 5n });
    };
    const events = [eventOf('a', 1n, on('owner', 5n)), eventOf('b', 1n), eventOf('c', 1n, on('b'))];
    expect(await admit(events)).toEqual({
      passed: ['a', 'b', 'c'].map(keyOf),
      layers: [['b'], ['c'], ['a']],
      blocked: [],
    });
  });
});
