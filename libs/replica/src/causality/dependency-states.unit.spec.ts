import type { Dependency } from '@dbem/db-event';
import { describe, expect, it } from 'vitest';
import { InMemoryReplicaTables } from '../spec-support/in-memory-replica-tables';
import { metDependencies } from './dependency-states';

function on(entityId: string, minimumVersion?: bigint, publisher = 'registry'): Dependency {
  return { publisher, entityType: 'GROUP', entityId, minimumVersion };
}

describe('metDependencies', () => {
  const tables = new InMemoryReplicaTables();
  tables.versions.set('registry GROUP a', { version: 5n });
  tables.versions.set('registry GROUP b', { version: 5n, isDeleted: true });
  tables.versions.set('registry GROUP placeholder', { version: -1n });
  tables.endedPublishers.add('ended');

  it('A dependency is met by an entity with its version or a higher one, deleted or not', async () => {
    const dependencies = [on('a'), on('a', 4n), on('a', 5n), on('a', 6n), on('b', 5n), on('c'), on('placeholder')];
    const isMet = await metDependencies(tables.client, dependencies);
    expect(dependencies.map(isMet)).toEqual([true, true, true, false, true, false, false]);
  });

  it('A dependency on a publisher that the service no longer subscribes to is met', async () => {
    const dependencies = [on('x', 9n, 'ended'), on('x', 9n)];
    expect(dependencies.map(await metDependencies(tables.client, dependencies))).toEqual([true, false]);
  });

  it('Dependencies are queried once each, with a column per field', async () => {
    const before = tables.statements.length;
    await metDependencies(tables.client, [on('a'), on('a', 5n), on('a'), on('a', 5n)]);
    expect(tables.statements.slice(before).map(({ values }) => values)).toEqual([
      [
        ['registry', 'registry'],
        ['GROUP', 'GROUP'],
        ['a', 'a'],
        [null, '5'],
      ],
    ]);
  });

  it('Without dependencies no query is run, and no dependency is met', async () => {
    const before = tables.statements.length;
    const isMet = await metDependencies(tables.client, []);
    expect(isMet(on('a'))).toBe(false);
    expect(tables.statements).toHaveLength(before);
  });
});
