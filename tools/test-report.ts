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

export interface TestReport extends Result {
  readonly files: readonly TestedFile[];
}

/** The output of Vitest's JSON reporter. */
interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly { readonly name: string; readonly startTime: number; readonly endTime: number }[];
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
    return { passed: 0, failed: 1, files: [] };
  }
  const files = report.testResults.map(({ name, startTime, endTime }) => ({
    file: relative(ROOT, name),
    seconds: (endTime - startTime) / 1_000,
  }));
  return { passed: report.numPassedTests, failed: report.numFailedTests, files };
}
