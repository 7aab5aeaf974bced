import { firstVersionOfEpoch } from '@dbem/db-event';
import { expect, it } from 'vitest';
import { ScriptedQueries } from '../spec-support/scripted-queries';
import { raiseEpoch } from './versions';

it('An epoch is raised to that of the given time, and the first version of it comes back', async () => {
  const nowMs = Date.UTC(2026, 10, 30);
  const database = new ScriptedQueries([{ version: '42' }]);
  expect(await raiseEpoch(database, nowMs)).toBe(42n);
  expect(database.asked[0]?.params).toEqual([String(firstVersionOfEpoch(nowMs)), '0']);
  await raiseEpoch(database, nowMs, 77n);
  expect(database.asked[1]?.params).toEqual([String(firstVersionOfEpoch(nowMs)), '77']);
});
