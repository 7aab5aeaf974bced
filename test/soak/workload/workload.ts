import type { Random } from '../random';
import type { Target } from './target';
import { Writer } from './writer';

/** Several concurrent writers; can be halted and started again. */
export class Workload {
  private readonly writers: readonly Writer[];
  private halting = new AbortController();
  private running: Promise<unknown> = Promise.resolve();

  constructor(target: Target, random: Random, writers: number) {
    this.writers = Array.from({ length: writers }, (_, index) => {
      const name = `w${index + 1}`;
      return new Writer(name, target, random.fork(name));
    });
  }

  start(): void {
    this.halting = new AbortController();
    this.running = Promise.all(this.writers.map((writer) => writer.run(this.halting.signal)));
  }

  /** Resolves when no write is in flight. */
  async halt(): Promise<void> {
    this.halting.abort();
    await this.running;
  }
}
