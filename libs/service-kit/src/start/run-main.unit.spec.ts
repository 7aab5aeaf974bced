import v8 from 'node:v8';
import { afterEach, expect, it, vi } from 'vitest';
import { runMain } from './run-main';

afterEach(() => {
  vi.restoreAllMocks();
});

it('runMain tells V8 to make every object young before anything of the app is made', async () => {
  const acts: string[] = [];
  vi.spyOn(v8, 'setFlagsFromString').mockImplementation((flag) => {
    acts.push(flag);
  });
  runMain(async () => {
    acts.push('main');
  });
  expect(acts).toEqual(['--no-allocation-site-pretenuring', 'main']);
});
