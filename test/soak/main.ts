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
/** Of a schedule that is only shown. */
const SHOWN_EPISODES = 40;

const options = await readOptionsOrExit();
if (options.scheduleOnly) printSchedule(options.seed);
else process.exit(await run());

async function run(): Promise<number> {
  const { seed, minutes } = options;
  const folder = join(FOLDER, `${seed}-${process.pid}`);
  const json = options.json ?? join(FOLDER, `soak-${seed}.json`);
  const interrupted = new AbortController();
  process.once('SIGINT', () => {
    console.log('No more faults; checking. Once more to leave at once.');
    interrupted.abort();
    process.once('SIGINT', () => process.exit(130));
  });
  // Ending by `exit` takes the servers and apps with it.
  process.once('SIGTERM', () => process.exit(143));
  console.log(`Soak of ${minutes} minutes, seed ${seed}; logs in ${folder}/logs. Starting servers and apps.`);
  const result = await soak({ ...options, folder, say: console.log, signal: interrupted.signal });
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(json, `${JSON.stringify(result, undefined, 2)}\n`);
  console.log(renderResult(result));
  console.log(`As JSON: ${json}`);
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
    if (episode.number > SHOWN_EPISODES) return;
    const faults = episode.faults.map(({ fault, lastsMs }) => `${describeFault(fault)}, for ${lastsMs} ms`);
    console.log(`#${episode.number}  ${faults.join('; ')}`);
  }
}
