import type { DbEvent } from '@dbem/db-event';
import { describe, expect, it } from 'vitest';
import { PassedVersions } from './passed-versions';

const eventOf = (entityId: string | undefined, version: bigint | undefined, publisher = 'registry'): DbEvent => ({
  publisher,
  entityType: 'PROJECT',
  crudType: 'UPDATE',
  entity: Buffer.alloc(0),
  entityId,
  version,
});

describe('PassedVersions', () => {
  it('A version is older if a newer one of its entity has passed, and not if it is delivered again', () => {
    const passed = new PassedVersions();
    const versions = [5n, 5n, 4n, 6n, 5n];
    expect(versions.map((version) => passed.isOlder(eventOf('p', version)))).toEqual([false, false, true, false, true]);
  });

  it('Entities, publishers and events without a version have nothing to do with each other', () => {
    const passed = new PassedVersions();
    passed.isOlder(eventOf('p', 5n));
    expect(passed.isOlder(eventOf('q', 4n))).toBe(false);
    expect(passed.isOlder(eventOf('p', 4n, 'sharing'))).toBe(false);
    expect(passed.isOlder(eventOf('p', undefined))).toBe(false);
    expect(passed.isOlder(eventOf(undefined, 4n))).toBe(false);
    expect(passed.isOlder(eventOf('p', 4n))).toBe(true);
  });

  it('The entities that passed last are remembered', () => {
    const passed = new PassedVersions();
    for (let id = 0; id < 50_001; id += 1) passed.isOlder(eventOf(`p${id}`, 5n));
    expect(passed.isOlder(eventOf('p1', 4n))).toBe(true);
    expect(passed.isOlder(eventOf('p0', 4n))).toBe(false);
  });
});
