import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { dirname } from 'node:path';
import type { BenchOptions } from '../harness/options';
import type { Series } from './sample';

/** Writes all results, with commit, machine and options, to a file. */
export function writeJson(file: string, options: BenchOptions, series: readonly Series[]): void {
  const content = {
    at: new Date().toISOString(),
    commit: spawnSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8' }).stdout?.trim(),
    machine: {
      node: process.version,
      processors: cpus().length,
      processor: cpus()[0]?.model,
      memoryMiB: Math.round(totalmem() / 1024 / 1024),
      loadAverage: loadavg(),
    },
    options,
    series,
  };
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);
}
