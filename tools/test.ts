import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { pathOfResult, reportResult } from './results';
import { readTestReport, reportName } from './test-report';

/** The projects of vitest.config.mts that each command runs. */
const SUITES: Readonly<Record<string, readonly string[]>> = {
  test: ['unit', 'contract', 'integration', 'e2e'],
  'test:unit': ['unit'],
  'test:ci': ['fault'],
  'test:long': ['long'],
};
const OTHERS: Readonly<Record<string, string>> = {
  test: 'Fault tests: npm run test:ci. Long tests: npm run test:long. One file: npm test -- FILE.',
};

const [suite = '', ...args] = process.argv.slice(2);
const projects = SUITES[suite];
if (projects === undefined) throw new Error(`Usage: tools/test.ts ${Object.keys(SUITES).join('|')} [FILE …]`);
// A file given by name runs in whichever project it belongs to.
const namesFiles = args.some((arg) => !arg.startsWith('-'));
const selection = namesFiles ? [] : projects.flatMap((project) => ['--project', project]);

const report = pathOfResult(reportName(suite));
rmSync(report, { force: true });
const { status } = spawnSync(
  process.execPath,
  [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--reporter=default',
    '--reporter=tools/test-reporter.ts',
    ...selection,
    ...args,
  ],
  { stdio: 'inherit', env: { ...process.env, TEST_REPORT: report } },
);
const { passed, failed } = readTestReport(suite);
// An error outside of any test also fails the run.
reportResult(suite, { passed, failed: status === 0 ? failed : Math.max(failed, 1) });
if (!namesFiles && OTHERS[suite] !== undefined) console.log(OTHERS[suite]);
process.exit(status ?? 1);
