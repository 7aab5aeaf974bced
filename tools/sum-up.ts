// Prints the slowest test files, the failed tests and, as the last line of CI, the sum of its commands' results.
import { readResult } from './results';
import { readTestReport } from './test-report';

const SLOWEST = 20;

const results = ['test', 'test:ci', 'check'].map(readResult);
const reports = ['test', 'test:ci'].map(readTestReport);
const files = reports.flatMap((report) => report.files);
console.log(`\nThe ${SLOWEST} slowest test files:`);
for (const { file, seconds } of files.toSorted((one, other) => other.seconds - one.seconds).slice(0, SLOWEST)) {
  console.log(`${seconds.toFixed(1).padStart(7)} s  ${file}`);
}
for (const { file, name, messages } of reports.flatMap((report) => report.failures)) {
  console.log(`\nFailed: ${name}\n  ${file}`);
  console.log(messages.join('\n').replace(/^/gm, '  '));
}
const passed = results.reduce((sum, result) => sum + result.passed, 0);
const failed = results.reduce((sum, result) => sum + result.failed, 0);
console.log(`\n${passed} passed, ${failed} failed`);
