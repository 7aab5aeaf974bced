import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { SoakSystem } from './system/soak-system';
import type { Timeline } from './timeline';

const INTERVAL_MS = 1_000;
const MEMORY_EVERY = 5;

export interface MemorySample {
  readonly atMs: number;
  /** Resident set, MB. */
  readonly rssMb: number;
  readonly pid: number;
}

/** Watches the instances: samples their memory, and restarts and records those that exit unexpectedly. */
export class Watch {
  readonly memory = new Map<string, MemorySample[]>();
  /** Processes that ended although nothing stopped them. */
  readonly unexpectedExits: { readonly instance: string; readonly lastLogLines: string }[] = [];
  private timer: NodeJS.Timeout | undefined;
  private checks = 0;
  private checking: Promise<void> = Promise.resolve();

  constructor(
    private readonly system: SoakSystem,
    private readonly timeline: Timeline,
  ) {}

  start(): void {
    this.timer = setInterval(() => {
      this.checking = this.checking.then(() => this.check());
    }, INTERVAL_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.checking;
  }

  private async check(): Promise<void> {
    for (const instance of this.system.instances.values()) {
      if (!instance.hasExitedUnexpectedly) continue;
      this.unexpectedExits.push({ instance: instance.name, lastLogLines: instance.lastLogLines });
      this.timeline.note(`UNEXPECTED EXIT: ${instance.name}\n${instance.lastLogLines}`);
      await instance.start();
    }
    if (this.checks % MEMORY_EVERY === 0) await this.sampleMemory();
    this.checks += 1;
  }

  private async sampleMemory(): Promise<void> {
    const pids = new Map([...this.system.instances.values()].map(({ pid, name }) => [pid, name]));
    pids.delete(undefined);
    if (pids.size === 0) return;
    const list = [...pids.keys()].join(',');
    // ps exits with 1 if one of them has ended meanwhile.
    const { stdout } = await promisify(execFile)('ps', ['-o', 'pid=,rss=', '-p', list]).catch((error) => error);
    for (const line of String(stdout).trim().split('\n')) {
      const [pid = 0, rssKb = 0] = line.trim().split(/\s+/).map(Number);
      const name = pids.get(pid);
      if (name === undefined || rssKb === 0) continue;
      const samples = this.memory.get(name) ?? [];
      samples.push({ atMs: this.timeline.elapsedMs, rssMb: Math.round(rssKb / 1_024), pid });
      this.memory.set(name, samples);
    }
  }
}
