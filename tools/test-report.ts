import { readFileSync } from 'node:fs';
import { pathOfResult, type Result } from './results';

export interface TestedFile {
  /** Relative to the repository. */
  readonly file: string;
  readonly seconds: number;
}

export interface FailedTest {
  /** Relative to the repository. */
  readonly file: string;
  readonly name: string;
  /** With the own lines of their stacks. A failed hook, or a file that can't be loaded, counts as a failed test. */
  readonly messages: readonly string[];
}

export interface TestReport extends Result {
  readonly files: readonly TestedFile[];
  readonly failures: readonly FailedTest[];
}

export function reportName(suite: string): string {
  return `${suite.replace(':', '-')}-tests`;
}

/** The report of a suite's last run, see `test-reporter.ts`. A run without a report has failed. */
export function readTestReport(suite: string): TestReport {
  try {
    return JSON.parse(readFileSync(pathOfResult(reportName(suite)), 'utf8'));
  } catch (error) {
    console.error(`No report of ${suite}: ${(error as Error).message}`);
    return { passed: 0, failed: 1, files: [], failures: [] };
  }
}
