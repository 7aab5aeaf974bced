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

/** Looks after the instances: notes their memory, and those that end by themselves, which it starts again. */
export class Watch {
  readonly memory = new Map<string, MemorySample[]>();
  /** Processes that ended though nobody had ended them. */
  readonly deaths: { readonly instance: string; readonly lastWords: string }[] = [];
  private timer: NodeJS.Timeout | undefined;
  private looks = 0;
  private looking: Promise<void> = Promise.resolve();

  constructor(
    private readonly system: SoakSystem,
    private readonly timeline: Timeline,
  ) {}

  start(): void {
    this.timer = setInterval(() => {
      this.looking = this.looking.then(() => this.look());
    }, INTERVAL_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.looking;
  }

  private async look(): Promise<void> {
    for (const instance of this.system.instances.values()) {
      if (!instance.hasDied) continue;
      this.deaths.push({ instance: instance.name, lastWords: instance.lastWords });
      this.timeline.note(`DIED BY ITSELF: ${instance.name}\n${instance.lastWords}`);
      await instance.start();
    }
    if (this.looks % MEMORY_EVERY === 0) await this.sampleMemory();
    this.looks += 1;
  }

  private async sampleMemory(): Promise<void> {
    const pids = new Map([...this.system.instances.values()].map(({ pid, name }) => [pid, name]));
    pids.delete(undefined);
    if (pids.size === 0) return;
    const list = [...pids.keys()].join(',');
    // ps exits with 1 if one of them is gone meanwhile.
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
