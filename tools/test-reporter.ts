import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Reporter, SerializedError, TestModule, TestSuite } from 'vitest/node';
import type { FailedTest, TestReport } from './test-report';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Writes a `TestReport` as JSON to the path in TEST_REPORT. */
export default class TestReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const path = process.env['TEST_REPORT'];
    if (path === undefined) throw new Error('Set TEST_REPORT to the path of the report');
    writeFileSync(path, JSON.stringify(reportOf(modules, unhandled)));
  }
}

function reportOf(modules: readonly TestModule[], unhandled: readonly SerializedError[]): TestReport {
  const failures = modules.flatMap(failuresIn);
  if (unhandled.length > 0) failures.push({ file: '', name: 'outside of any file', messages: unhandled.map(textOf) });
  const passed = modules.flatMap((module) => [...module.children.allTests('passed')]).length;
  const files = modules.map((module) => {
    const { collectDuration, setupDuration, duration } = module.diagnostic();
    return { file: fileOf(module), seconds: (collectDuration + setupDuration + duration) / 1_000 };
  });
  return { passed, failed: failures.length, files, failures };
}

/** Also of hooks, and of the file itself if it could not be loaded. */
function failuresIn(module: TestModule): FailedTest[] {
  const file = fileOf(module);
  const tests = [...module.children.allTests('failed')].map((test) => ({
    file,
    name: test.fullName,
    messages: test.result().errors?.map(textOf) ?? [],
  }));
  const others = [module, ...module.children.allSuites()]
    .filter((each) => each.errors().length > 0)
    .map((each) => ({ file, name: nameOf(each), messages: each.errors().map(textOf) }));
  return [...tests, ...others];
}

function fileOf({ moduleId }: TestModule): string {
  return relative(ROOT, moduleId);
}

function nameOf(each: TestModule | TestSuite): string {
  return each.type === 'module' ? 'outside of its tests' : `a hook of “${each.fullName}”`;
}

/** The message with the project's own lines of the stack. The stack of a time-out does not contain its message. */
function textOf({ message, stack = '' }: SerializedError): string {
  const own = stack
    .split('\n')
    .filter((line) => line.trimStart().startsWith('at ') && !/node_modules|node:/.test(line));
  return [message, ...own].join('\n');
}
