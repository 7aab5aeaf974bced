import { Counter, type Registry } from 'prom-client';
import type { Sample } from './sampled-gauge';

export interface SampledCounterOptions {
  readonly name: string;
  readonly help: string;
  readonly labelNames?: readonly string[];
  /** Returns the count since the start of this process; called at each scrape. */
  readonly total: () => number | Iterable<Sample>;
}

/** Adds a counter whose value is counted elsewhere and read at each scrape. */
export function addSampledCounter(registry: Registry, options: SampledCounterOptions): void {
  const { name, help, labelNames = [], total } = options;
  new Counter({
    name,
    help,
    labelNames: [...labelNames],
    registers: [registry],
    collect() {
      this.reset();
      const counted = total();
      const samples = typeof counted === 'number' ? [{ value: counted }] : counted;
      for (const { labels = {}, value } of samples) this.inc(labels, value);
    },
  });
}
