import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

/** Keeps all that it makes, which is what makes V8 allocate it among the old objects. */
const WORK = `
  const kept = [];
  const make = (index) => ({ index, inner: { index }, list: [index, index + 1] });
  for (let index = 0; index < 1_000_000; index += 1) kept.push(make(index));
`;

/** How often the young objects were collected while a process of its own ran the program. */
async function youngCollections(program: string): Promise<number> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', '--trace-gc', '-e', program]);
  return stdout.split('\n').filter((line) => line.includes('Scavenge')).length;
}

it.skip('has V8 make every object of an app young, long-lived as they may be (skipped: V8 flags are removed)', async () => {
  const load = `const { runMain } = require(${JSON.stringify(join(import.meta.dirname, 'start-app.ts'))});`;
  const [byDefault, inMain] = await Promise.all([
    youngCollections(`${load} ${WORK}`),
    youngCollections(`${load} runMain(async () => { ${WORK} });`),
  ]);
  expect(inMain).toBeGreaterThan(byDefault + 5);
});
