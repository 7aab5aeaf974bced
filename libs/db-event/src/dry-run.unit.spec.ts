import { expect, it } from 'vitest';
import { inDryRun, isDryRun } from './dry-run';

it('isDryRun is true within the work of a dry run only, also after the work has awaited something', async () => {
  const seen: boolean[] = [];
  const dryRun = inDryRun(async () => {
    seen.push(isDryRun());
    await Promise.resolve();
    seen.push(isDryRun());
    return 'done';
  });
  expect(isDryRun()).toBe(false);
  expect(await dryRun).toBe('done');
  expect(seen).toEqual([true, true]);
  expect(isDryRun()).toBe(false);
});
