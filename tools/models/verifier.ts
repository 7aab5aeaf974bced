import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { ModelCheck } from './checks';

export interface Verification {
  /** Distinct states that the search has stored. */
  readonly states: number;
  readonly seconds: number;
  /** What the search found: a property's name, or the checker's own message; undefined if nothing. */
  readonly violated?: string;
  /** Why the search proves nothing: it was cut off, or statements of the model were never reached. */
  readonly incomplete?: string;
}

const FOLDER = resolve('.local/models');
const MAX_DEPTH = 200_000;
const MEMORY_MB = 2_000;
const TIMEOUT_S = 600;
const SAFETY = ['-DSAFETY', '-DNOCLAIM'];
/** Weak fairness; 4 is enough for 14 processes. */
const LIVENESS = ['-DNFAIR=4'];

/** Generates, compiles and runs the verifier of one check, with the lowest priority. */
export function verify(check: ModelCheck): Verification {
  const { model, defines, formula } = check;
  const folder = join(FOLDER, [model, ...defines, ...(formula === undefined ? [] : [formula])].join('.'));
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const macros = [...defines, ...(formula === undefined ? [] : ['LIVENESS'])].map((name) => `-D${name}`);
  must('spin', ['-a', ...macros, resolve('docs/models', `${model}.pml`)], folder);
  const options = formula === undefined ? SAFETY : LIVENESS;
  must('gcc', ['-O2', '-w', `-DMEMLIM=${MEMORY_MB}`, '-DCOLLAPSE', ...options, '-o', 'pan', 'pan.c'], folder);
  const startedAtMs = performance.now();
  const pan = run('./pan', [`-m${MAX_DEPTH}`, ...(formula === undefined ? [] : ['-a', '-f', '-N', formula])], folder);
  return { ...readReport(pan.stdout + pan.stderr, formula), seconds: (performance.now() - startedAtMs) / 1000 };
}

/** Reads what `pan` prints at its end. */
export function readReport(report: string, formula: string | undefined): Omit<Verification, 'seconds'> {
  const errors = /errors: (\d+)/.exec(report)?.[1];
  const states = Number(/([\d.e+]+) states, stored/.exec(report)?.[1] ?? 0);
  const violated = errors === '0' ? undefined : violation(report, formula);
  const incomplete = errors === undefined ? 'no result' : violated === undefined ? cutOff(report) : undefined;
  return { states, ...(violated !== undefined && { violated }), ...(incomplete !== undefined && { incomplete }) };
}

function violation(report: string, formula: string | undefined): string | undefined {
  const assertion = /assertion violated (.*)/.exec(report)?.[1];
  if (assertion !== undefined) return /\b[A-Z]+_[A-Z_]+\b/.exec(assertion)?.[0] ?? assertion;
  if (/acceptance cycle/.test(report)) return formula ?? 'acceptance cycle';
  return /invalid end state/.exec(report)?.[0];
}

function cutOff(report: string): string | undefined {
  if (/max search depth too small|Search not completed|MEMLIM|out of memory/.test(report)) {
    return 'the search was cut off by depth or memory';
  }
  if (/^pan: error/m.test(report)) return /^pan: error.*/m.exec(report)?.[0];
  const unreached = [...report.matchAll(/\.pml:(\d+), state \d+, "(.*)"/g)].filter(([, , text]) => text !== '-end-');
  return unreached.length === 0 ? undefined : `line ${unreached[0]?.[1]} was never reached`;
}

function must(command: string, args: readonly string[], cwd: string): void {
  const { status, stdout, stderr } = run(command, args, cwd);
  if (status !== 0 || /\bError:/.test(stdout))
    throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}${stderr}`);
}

function run(command: string, args: readonly string[], cwd: string) {
  return spawnSync('nice', ['-n', '19', command, ...args], {
    cwd,
    encoding: 'utf8',
    timeout: TIMEOUT_S * 1000,
    maxBuffer: 64 * 1024 * 1024,
  });
}
