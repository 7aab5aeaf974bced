import { firstVersionOfEpoch } from '@dbem/db-event';
import { expect, it } from 'vitest';
import { ScriptedQueries } from '../spec-support/scripted-queries';
import { raiseEpoch } from './versions';

it('The epoch is raised to that of the given time, and its first version is returned', async () => {
  const nowMs = Date.UTC(2026, 10, 30);
  const database = new ScriptedQueries([{ version: '42' }]);
  expect(await raiseEpoch(database, nowMs)).toBe(42n);
  expect(database.queries[0]?.params).toEqual([String(firstVersionOfEpoch(nowMs)), '0']);
  await raiseEpoch(database, nowMs, 77n);
  expect(database.queries[1]?.params).toEqual([String(firstVersionOfEpoch(nowMs)), '77']);
});
