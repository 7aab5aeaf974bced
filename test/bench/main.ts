import { fileURLToPath } from 'node:url';
import { CASES } from './cases/all-cases';
import { readOptions, USAGE } from './harness/options';
import { runCase } from './harness/run-case';
import { Stage } from './harness/stage';
import { renderTable } from './report/render-table';
import type { Series } from './report/sample';
import { writeJson } from './report/write-json';

const FOLDER = fileURLToPath(new URL('../../.local/bench', import.meta.url));

const options = readOptions(process.argv.slice(2));
const unknown = options.cases.filter((name) => !CASES.some((benchCase) => benchCase.name === name));
if (unknown.length > 0) {
  console.error(`Unknown case: ${unknown.join(', ')}. Cases: ${CASES.map(({ name }) => name).join(', ')}.\n${USAGE}`);
  process.exit(2);
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));
const chosen = CASES.filter(({ name }) => options.cases.length === 0 || options.cases.includes(name));
const startedAt = new Date().toISOString().replaceAll(':', '-').slice(0, 19);
const file = `${FOLDER}/${startedAt}-${options.cases.join('-') || 'all'}.json`;
const stage = await Stage.start(options, `${FOLDER}/profiles-${startedAt}`);
const series: Series[] = [];
const tables: string[] = [];
try {
  for (const benchCase of chosen) {
    const its = await runCase(benchCase, stage);
    series.push(...its);
    tables.push(renderTable(benchCase, its));
    // After each case, so that an interrupted run keeps its results.
    writeJson(file, options, series);
  }
} finally {
  await stage.stop();
}
console.log(`\n${tables.join('\n')}\n${file}`);
process.exit(0);
