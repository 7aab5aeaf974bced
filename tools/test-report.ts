import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pathOfResult, type Result } from './results';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

export interface TestedFile {
  /** Relative to the repository. */
  readonly file: string;
  readonly seconds: number;
}

export interface FailedTest {
  /** Relative to the repository. */
  readonly file: string;
  readonly name: string;
  /** With stack traces. */
  readonly messages: readonly string[];
}

export interface TestReport extends Result {
  readonly files: readonly TestedFile[];
  readonly failures: readonly FailedTest[];
}

/** The output of Vitest's JSON reporter. */
interface VitestReport {
  readonly numPassedTests: number;
  readonly testResults: readonly VitestFile[];
}

interface VitestFile {
  readonly name: string;
  readonly startTime: number;
  readonly endTime: number;
  readonly status: string;
  /** Why the file could not be loaded, or an empty text. */
  readonly message: string;
  readonly assertionResults: readonly VitestTest[];
}

interface VitestTest {
  readonly status: string;
  readonly fullName: string;
  readonly failureMessages: readonly string[] | null;
}

export function reportName(suite: string): string {
  return `${suite.replace(':', '-')}-vitest`;
}

/** The report of a suite's last run. A run without a report has failed. */
export function readTestReport(suite: string): TestReport {
  const path = pathOfResult(reportName(suite));
  let report: VitestReport;
  try {
    report = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    console.error(`No report of ${suite}: ${(error as Error).message}`);
    return { passed: 0, failed: 1, files: [], failures: [] };
  }
  const files = report.testResults.map(({ name, startTime, endTime }) => ({
    file: relative(ROOT, name),
    seconds: (endTime - startTime) / 1_000,
  }));
  const failures = report.testResults.flatMap(failuresOf);
  return { passed: report.numPassedTests, failed: failures.length, files, failures };
}

/** A file that fails without a failed test counts as one: it could not be loaded, or a hook failed. */
function failuresOf({ name, status, message, assertionResults }: VitestFile): FailedTest[] {
  const file = relative(ROOT, name);
  const failures = assertionResults
    .filter((test) => test.status === 'failed')
    .map(({ fullName, failureMessages }) => ({ file, name: fullName, messages: failureMessages ?? [] }));
  if (failures.length > 0 || status !== 'failed') return failures;
  return [
    { file, name: 'outside of its tests', messages: [message || 'A hook failed: see the output of the test run.'] },
  ];
}
