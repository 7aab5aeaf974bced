import type { EntityVersion } from '@dbem/db-event';
import { expect, it } from 'vitest';
import { collectPublished, notePublished } from './published-changes';

function changeOf(entityId: string): EntityVersion {
  return { publisher: 'registry', entityType: 'PROJECT', entityId, version: 1n };
}

it('Changes are collected for the work that published them, and not for concurrent work', async () => {
  const [one, other]: [EntityVersion[], EntityVersion[]] = [[], []];
  const work = (name: string) => async () => {
    notePublished([changeOf(name)]);
    await Promise.resolve();
    notePublished([changeOf(`${name}-2`), changeOf(`${name}-3`)]);
    return name;
  };
  notePublished([changeOf('nobody collects')]);
  const results = await Promise.all([collectPublished(one, work('a')), collectPublished(other, work('b'))]);
  expect(results).toEqual(['a', 'b']);
  expect(one.map(({ entityId }) => entityId)).toEqual(['a', 'a-2', 'a-3']);
  expect(other.map(({ entityId }) => entityId)).toEqual(['b', 'b-2', 'b-3']);
});
