import { expect, it } from 'vitest';
import { isRehearsal, rehearse } from './rehearsal';

it('A dry run is known as one within its work only, also after the work has waited', async () => {
  const seen: boolean[] = [];
  const dryRun = rehearse(async () => {
    seen.push(isRehearsal());
    await Promise.resolve();
    seen.push(isRehearsal());
    return 'done';
  });
  expect(isRehearsal()).toBe(false);
  expect(await dryRun).toBe('done');
  expect(seen).toEqual([true, true]);
  expect(isRehearsal()).toBe(false);
});
