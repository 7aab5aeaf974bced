import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { pathOfResult, reportResult } from './results';

const report = pathOfResult('vitest');
rmSync(report, { force: true });
const { status } = spawnSync(
  process.execPath,
  [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...process.argv.slice(2),
  ],
  { stdio: 'inherit' },
);
const { numPassedTests: passed, numFailedTests } = readReport();
// A file that can't be loaded, or an error outside of any test, fails the run as well.
const failed = status === 0 ? numFailedTests : Math.max(numFailedTests, 1);
reportResult('tests', { passed, failed });
process.exit(status ?? 1);

function readReport(): { numPassedTests: number; numFailedTests: number } {
  try {
    return JSON.parse(readFileSync(report, 'utf8'));
  } catch {
    return { numPassedTests: 0, numFailedTests: 1 };
  }
}
