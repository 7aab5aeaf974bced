import type { EntityKey, EntityVersion } from '@dbem/db-event';
import { beforeEach, describe, expect, it } from 'vitest';
import { hashOf } from './applied-notification';
import { WaitingReaders } from './waiting-readers';

function keyOf(entityId: string): EntityKey {
  return { publisher: 'registry', entityType: 'GROUP', entityId };
}

function changeOf(entityId: string, version: bigint): EntityVersion {
  return { ...keyOf(entityId), version };
}

describe('WaitingReaders', () => {
  let readers: WaitingReaders;
  let woken: string[];
  beforeEach(() => {
    readers = new WaitingReaders();
    woken = [];
  });

  function add(name: string, ...changes: EntityVersion[]): () => void {
    return readers.add(changes, () => woken.push(name));
  }

  it('A reader is woken once, by the version that it waits for or by a later one', () => {
    add('exact', changeOf('a', 5n));
    add('earlier', changeOf('a', 3n));
    add('later', changeOf('a', 9n));
    readers.note(keyOf('a'), 2n);
    expect(woken).toEqual([]);
    readers.note(keyOf('a'), 5n);
    expect(woken).toEqual(['exact', 'earlier']);
    expect(readers.size).toBe(1);
    readers.note(keyOf('a'), 9n);
    readers.note(keyOf('a'), 9n);
    expect(woken).toEqual(['exact', 'earlier', 'later']);
    expect(readers.size).toBe(0);
  });

  it('A reader of several changes is woken when all of them are applied', () => {
    add('both', changeOf('a', 5n), changeOf('b', 6n));
    readers.note(keyOf('a'), 5n);
    expect(woken).toEqual([]);
    expect(readers.keys()).toEqual([keyOf('b')]);
    readers.note(keyOf('b'), 7n);
    expect(woken).toEqual(['both']);
    expect(readers.keys()).toEqual([]);
  });

  it.each([[[5n, 9n]], [[9n, 5n]]])(
    'A reader of several versions of one entity waits for the latest: %s',
    (versions) => {
      add('one', ...versions.map((version) => changeOf('a', version)));
      readers.note(keyOf('a'), 8n);
      expect(woken).toEqual([]);
      readers.note(keyOf('a'), 9n);
      expect(woken).toEqual(['one']);
      expect(readers.size).toBe(0);
    },
  );

  it('A change of an entity without readers wakes no reader', () => {
    add('one', changeOf('a', 1n));
    readers.note(keyOf('b'), 9n);
    readers.note({ ...keyOf('a'), publisher: 'sharing' }, 9n);
    expect(woken).toEqual([]);
    expect(readers.size).toBe(1);
  });

  it('A reader that stops waiting is not woken, but other readers of the same entity are', () => {
    const stop = add('one', changeOf('a', 1n), changeOf('b', 1n));
    add('other', changeOf('a', 1n));
    stop();
    stop();
    expect(readers.size).toBe(1);
    expect(readers.keys()).toEqual([keyOf('a')]);
    readers.note(keyOf('a'), 1n);
    readers.note(keyOf('b'), 1n);
    expect(woken).toEqual(['other']);
  });

  it('A reader that stops waiting after it was woken is counted once', () => {
    const stop = add('one', changeOf('a', 1n));
    add('other', changeOf('b', 1n));
    readers.note(keyOf('a'), 1n);
    stop();
    expect(readers.size).toBe(1);
  });

  it('Awaited entities are found by the hash of a notification until their last reader is gone', () => {
    const stop = add('one', changeOf('a', 1n));
    add('other', changeOf('a', 9n), changeOf('b', 1n));
    expect(readers.withHash(hashOf(keyOf('a')))).toEqual([keyOf('a')]);
    expect(readers.withHash(hashOf(keyOf('c')))).toEqual([]);
    stop();
    expect(readers.withHash(hashOf(keyOf('a')))).toEqual([keyOf('a')]);
    readers.note(keyOf('a'), 9n);
    expect(readers.withHash(hashOf(keyOf('a')))).toEqual([]);
    expect(readers.withHash(hashOf(keyOf('b')))).toEqual([keyOf('b')]);
  });

  it('All awaited entities with the same hash are found', () => {
    const [one, other] = [keyOf('855868'), keyOf('1482430')];
    expect(hashOf(one)).toBe(hashOf(other));
    add('one', { ...one, version: 1n });
    const stop = add('other', { ...other, version: 1n });
    expect(readers.withHash(hashOf(one))).toEqual([one, other]);
    stop();
    expect(readers.withHash(hashOf(one))).toEqual([one]);
  });
});
