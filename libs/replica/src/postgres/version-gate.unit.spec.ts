import { describe, expect, it } from 'vitest';
import { InMemoryReplicaTables } from '../spec-support/in-memory-replica-tables';
import { compareKeys, type GateCandidate, keyText, passGate } from './version-gate';

const INSERT = 'INSERT INTO db_event.replica_version';

function candidateOf(entityId: string, version: bigint | undefined, more: Partial<GateCandidate> = {}): GateCandidate {
  const identity = { publisher: 'registry', entityType: 'GROUP', entityId, ...more } as const;
  return { version, isDelete: false, ...identity, key: keyText(identity) };
}

const keyOf = (entityId: string) => `registry GROUP ${entityId}`;

async function pass(tables: InMemoryReplicaTables, ...candidates: GateCandidate[]) {
  const passes = await passGate(tables.client, candidates);
  return { passes: Object.fromEntries(passes), statements: tables.statementsWith(INSERT) };
}

describe('passGate', () => {
  it('Candidates of one kind go to the gate with one prepared statement that has their common values once', async () => {
    const { passes, statements } = await pass(
      new InMemoryReplicaTables(),
      candidateOf('a', 5n, { repairNumber: 3n, isDelete: true }),
      candidateOf('b', 6n, { repairNumber: 3n, isDelete: true }),
    );
    expect(statements).toMatchObject([
      {
        name: 'db_event.pass_newer_of_a_kind',
        values: ['registry', 'GROUP', ['a', 'b'], ['5', '6'], true, '3'],
      },
    ]);
    expect(passes).toEqual({ [keyOf('a')]: { isFirst: true }, [keyOf('b')]: { isFirst: true } });
  });

  it.each<[string, Partial<GateCandidate>]>([
    ['publisher', { publisher: 'sharing' }],
    ['entity type', { entityType: 'PROJECT' }],
    ['deletion', { isDelete: true }],
    ['repair number', { repairNumber: 4n }],
  ])(
    'Candidates that differ in their %s go to the gate with one statement that has an array per column',
    async (_what, other) => {
      const { passes, statements } = await pass(
        new InMemoryReplicaTables(),
        candidateOf('a', 5n),
        candidateOf('b', 6n),
        candidateOf('c', 7n, other),
      );
      const { publisher = 'registry', entityType = 'GROUP', isDelete = false, repairNumber } = other;
      expect(statements).toMatchObject([
        {
          name: 'db_event.pass_newer',
          values: [
            ['registry', 'registry', publisher],
            ['GROUP', 'GROUP', entityType],
            ['a', 'b', 'c'],
            ['5', '6', '7'],
            [false, false, isDelete],
            [null, null, null],
            [null, null, repairNumber === undefined ? null : String(repairNumber)],
          ],
        },
      ]);
      expect(Object.keys(passes)).toHaveLength(3);
    },
  );

  it('A gate without candidates runs no statement', async () => {
    const { passes, statements } = await pass(new InMemoryReplicaTables());
    expect(statements).toEqual([]);
    expect(passes).toEqual({});
  });

  it('A candidate that is not newer than the replica is stale, and the others pass', async () => {
    const tables = new InMemoryReplicaTables();
    tables.versions.set(keyOf('stale'), { version: 5n });
    tables.versions.set(keyOf('newer'), { version: 4n });
    tables.versions.set(keyOf('deleted'), { version: 4n, isDeleted: true });
    const { passes } = await pass(tables, ...['deleted', 'fresh', 'newer', 'stale'].map((id) => candidateOf(id, 5n)));
    expect(passes).toEqual({
      [keyOf('deleted')]: { isFirst: true },
      [keyOf('fresh')]: { isFirst: true },
      [keyOf('newer')]: { isFirst: false },
    });
  });

  it('Candidates that all replace an older version are not the first', async () => {
    const tables = new InMemoryReplicaTables();
    for (const id of ['a', 'b']) tables.versions.set(keyOf(id), { version: 1n });
    const { passes } = await pass(tables, candidateOf('a', 2n), candidateOf('b', 2n));
    expect(passes).toEqual({ [keyOf('a')]: { isFirst: false }, [keyOf('b')]: { isFirst: false } });
  });

  it('Legacy publishers’ events without an arrival pass, with the version and the arrival that they replace, if any', async () => {
    const tables = new InMemoryReplicaTables();
    tables.versions.set(keyOf('a'), { version: 0n, arrival: 9n });
    const { passes, statements } = await pass(
      tables,
      candidateOf('a', undefined),
      candidateOf('b', undefined, { replacedVersion: 9n, replacedArrival: 4n, isDelete: true }),
    );
    expect(statements.map(({ name, values }) => ({ name, values }))).toEqual([
      {
        name: undefined,
        values: [
          ['registry', 'registry'],
          ['GROUP', 'GROUP'],
          ['a', 'b'],
          ['0', '9'],
          [false, true],
          [null, '4'],
        ],
      },
    ]);
    expect(passes).toEqual({ [keyOf('a')]: { isFirst: false }, [keyOf('b')]: { isFirst: true } });
    expect(tables.versions.get(keyOf('a'))?.arrival).toBe(9n);
  });

  it('A legacy publisher’s event passes only with a later arrival than the last one that passed', async () => {
    const tables = new InMemoryReplicaTables();
    for (const id of ['earlier', 'equal', 'later']) tables.versions.set(keyOf(id), { version: 0n, arrival: 5n });
    tables.versions.set(keyOf('versioned'), { version: 9n });
    const { passes, statements } = await pass(
      tables,
      candidateOf('earlier', undefined, { arrival: 4n }),
      candidateOf('equal', undefined, { arrival: 5n }),
      candidateOf('fresh', undefined, { arrival: 1n }),
      candidateOf('later', undefined, { arrival: 6n }),
      candidateOf('versioned', undefined, { arrival: 1n }),
    );
    expect(statements.map(({ values }) => values[5])).toEqual([['4', '5', '1', '6', '1']]);
    expect(passes).toEqual({
      [keyOf('fresh')]: { isFirst: true },
      [keyOf('later')]: { isFirst: false },
      [keyOf('versioned')]: { isFirst: false },
    });
  });

  it('A version passes whatever the arrival, and the gate records the arrival that it replaces', async () => {
    const tables = new InMemoryReplicaTables();
    for (const id of ['a', 'b']) tables.versions.set(keyOf(id), { version: 1n, arrival: 5n });
    const { passes, statements } = await pass(
      tables,
      candidateOf('a', 2n),
      candidateOf('b', 2n, { replacedArrival: 7n }),
    );
    expect(statements).toMatchObject([{ name: 'db_event.pass_newer' }]);
    expect(statements[0]?.values[5]).toEqual([null, '7']);
    expect(Object.keys(passes)).toEqual(['a', 'b'].map(keyOf));
    expect([...tables.versions.values()].map(({ arrival }) => arrival)).toEqual([5n, 7n]);
  });

  it('Candidates with a version, with an arrival, and without either pass the gate in one call', async () => {
    const { passes, statements } = await pass(
      new InMemoryReplicaTables(),
      candidateOf('a', 5n),
      candidateOf('b', undefined, { arrival: 1n }),
      candidateOf('c', undefined),
    );
    expect(statements.map(({ values }) => values[2])).toEqual([['a'], ['b'], ['c']]);
    expect(Object.keys(passes)).toEqual(['a', 'b', 'c'].map(keyOf));
  });

  it('Candidates without a version need one statement', async () => {
    const { statements } = await pass(new InMemoryReplicaTables(), candidateOf('b', undefined));
    expect(statements).toHaveLength(1);
  });
});

describe('compareKeys', () => {
  it('Keys are ordered by their text, and equal keys compare as equal', () => {
    const keys = ['b', 'a', 'c', 'B', 'a'].map((key) => ({ key }));
    expect(keys.sort(compareKeys).map(({ key }) => key)).toEqual(['B', 'a', 'a', 'b', 'c']);
    expect(compareKeys({ key: 'a' }, { key: 'a' })).toBe(0);
  });
});

describe('keyText', () => {
  it('A key’s text has publisher, type and id in this order, so that different keys have different texts', () => {
    expect(keyText({ publisher: 'registry', entityType: 'GROUP', entityId: 'a b' })).toBe('registry GROUP a b');
  });
});
