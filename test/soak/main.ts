import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readOptions } from './options';
import { Random } from './random';
import { renderResult } from './report/render-result';
import { isGood } from './report/result';
import { describeFault } from './schedule/fault';
import { schedule } from './schedule/schedule';
import { soak } from './soak';

const FOLDER = fileURLToPath(new URL('../../.local/soak', import.meta.url));
/** Episodes that `--schedule` prints. */
const PRINTED_EPISODES = 40;

const options = await readOptionsOrExit();
if (options.scheduleOnly) printSchedule(options.seed);
else process.exit(await run());

async function run(): Promise<number> {
  const { seed, minutes } = options;
  const folder = join(FOLDER, `${seed}-${process.pid}`);
  const json = options.json ?? join(FOLDER, `soak-${seed}.json`);
  const interrupted = new AbortController();
  process.once('SIGINT', () => {
    console.log('Stopping faults, then checking. Press Ctrl+C again to exit at once.');
    interrupted.abort();
    process.once('SIGINT', () => process.exit(130));
  });
  // `process.exit` also stops the servers and apps.
  process.once('SIGTERM', () => process.exit(143));
  console.log(`Soak: ${minutes} minutes, seed ${seed}, logs in ${folder}/logs. Starting servers and apps.`);
  const result = await soak({ ...options, folder, print: console.log, signal: interrupted.signal });
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(json, `${JSON.stringify(result, undefined, 2)}\n`);
  console.log(renderResult(result));
  console.log(`JSON result: ${json}`);
  return isGood(result) ? 0 : 1;
}

async function readOptionsOrExit() {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    console.error((error as Error).message);
    process.exit(2);
  }
}

function printSchedule(seed: number): void {
  for (const episode of schedule(new Random(seed).fork('schedule'))) {
    if (episode.number > PRINTED_EPISODES) return;
    const faults = episode.faults.map(({ fault, lastsMs }) => `${describeFault(fault)}, for ${lastsMs} ms`);
    console.log(`#${episode.number}  ${faults.join('; ')}`);
  }
}
