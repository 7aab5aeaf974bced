// Prints the slowest test files and, as the last line of CI, the sum of its commands' results.
import { readResult } from './results';
import { readTestReport } from './test-report';

const SLOWEST = 20;

const results = ['test', 'test:ci', 'check'].map(readResult);
const files = ['test', 'test:ci'].flatMap((suite) => readTestReport(suite).files);
console.log(`\nThe ${SLOWEST} slowest test files:`);
for (const { file, seconds } of files.toSorted((one, other) => other.seconds - one.seconds).slice(0, SLOWEST)) {
  console.log(`${seconds.toFixed(1).padStart(7)} s  ${file}`);
}
const passed = results.reduce((sum, result) => sum + result.passed, 0);
const failed = results.reduce((sum, result) => sum + result.failed, 0);
console.log(`\n${passed} passed, ${failed} failed`);
