import v8 from 'node:v8';
import { afterEach, expect, it, vi } from 'vitest';
import { runMain } from './run-main';

afterEach(() => {
  vi.restoreAllMocks();
});

it('runMain disables pretenuring in V8 before it runs the app’s main', async () => {
  const calls: string[] = [];
  vi.spyOn(v8, 'setFlagsFromString').mockImplementation((flag) => {
    calls.push(flag);
  });
  runMain(async () => {
    calls.push('main');
  });
  expect(calls).toEqual(['--no-allocation-site-pretenuring', 'main']);
});
