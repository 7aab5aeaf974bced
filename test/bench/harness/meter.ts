import { performance } from 'node:perf_hooks';
import type { ProcessUsage } from '../report/sample';
import { cpuSecondsOf, residentBytesOf } from './process-tree';

const MEMORY_INTERVAL_MS = 500;

/** Process ids by their name in the table; the values of several processes with one name are added up. */
export type Processes = Readonly<Record<string, readonly number[]>>;

/** Measures time, CPU time and peak memory of processes from its construction to `finish`. */
export class Meter {
  private readonly startedAtMs = performance.now();
  private readonly cpuAtStart: Map<string, number>;
  private readonly peakBytes = new Map<string, number>();
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly processes: Processes) {
    this.cpuAtStart = this.cpu();
    this.sampleMemory();
    this.timer = setInterval(() => this.sampleMemory(), MEMORY_INTERVAL_MS);
  }

  get elapsedSeconds(): number {
    return (performance.now() - this.startedAtMs) / 1000;
  }

  /** Current resident memory, MiB by name. */
  memory(): Record<string, number> {
    return Object.fromEntries(
      Object.entries(this.processes).map(([name, pids]) => [name, megaBytes(sum(pids, residentBytesOf))]),
    );
  }

  /** @param events number of processed events; CPU time is returned per 100,000 */
  finish(events: number): { seconds: number; usage: Record<string, ProcessUsage> } {
    const seconds = this.elapsedSeconds;
    const cpuAtEnd = this.cpu();
    clearInterval(this.timer);
    this.sampleMemory();
    const usage: Record<string, ProcessUsage> = {};
    for (const name of Object.keys(this.processes)) {
      const cpuSeconds = (cpuAtEnd.get(name) ?? 0) - (this.cpuAtStart.get(name) ?? 0);
      usage[name] = {
        cpuSecondsPer100k: (cpuSeconds / events) * 100_000,
        peakMiB: megaBytes(this.peakBytes.get(name) ?? 0),
      };
    }
    return { seconds, usage };
  }

  private cpu(): Map<string, number> {
    return new Map(Object.entries(this.processes).map(([name, pids]) => [name, sum(pids, cpuSecondsOf)]));
  }

  private sampleMemory(): void {
    for (const [name, pids] of Object.entries(this.processes)) {
      this.peakBytes.set(name, Math.max(this.peakBytes.get(name) ?? 0, sum(pids, residentBytesOf)));
    }
  }
}

function sum(pids: readonly number[], measure: (pid: number) => number): number {
  return pids.reduce((total, pid) => total + measure(pid), 0);
}

function megaBytes(bytes: number): number {
  return Math.round(bytes / 1024 / 1024);
}
