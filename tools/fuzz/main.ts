import { parseArgs } from 'node:util';
import { fuzz } from './fuzz';

const { values } = parseArgs({
  options: { inputs: { type: 'string', default: '1000000' }, seed: { type: 'string' } },
});
const inputs = Number(values.inputs);
const seed = Number(values.seed ?? Date.now() % 1_000_000);
if (!Number.isSafeInteger(inputs) || inputs < 1 || !Number.isSafeInteger(seed)) {
  console.error('Usage: npm run fuzz -- --inputs N --seed S');
  process.exit(2);
}

console.log(`Fuzzing the decoders, the intake and the applier with ${inputs} inputs, seed ${seed}.`);
const report = await fuzz({ inputs, seed });
const megabytes = (bytes: number) => `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
console.log(`${report.inputs} inputs in ${(report.ms / 1_000).toFixed(1)} s; ${report.decoded} successful decodings.`);
console.log(
  `Slowest input ${report.slowestMs.toFixed(1)} ms; largest allocation ${megabytes(report.largestAllocation)}; ` +
    `heap growth ${megabytes(report.heapGrowth)}.`,
);
console.table(report.parked);
for (const fault of report.faults) console.error(fault);
console.log(
  report.faults.length === 0
    ? 'No faults.'
    : `${report.faults.length} faults; repeat with: npm run fuzz -- --inputs ${inputs} --seed ${seed}`,
);
process.exit(report.faults.length === 0 ? 0 : 1);
