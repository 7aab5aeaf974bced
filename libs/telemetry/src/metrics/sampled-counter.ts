import { Counter, type Registry } from 'prom-client';

export interface SampledCounterOptions {
  readonly name: string;
  readonly help: string;
  /** What has been counted since the start of this process, by somebody else; asked at each scrape. */
  readonly total: () => number;
}

/** Adds a counter of what is counted elsewhere. */
export function addSampledCounter(registry: Registry, { name, help, total }: SampledCounterOptions): void {
  new Counter({
    name,
    help,
    registers: [registry],
    collect() {
      this.reset();
      this.inc(total());
    },
  });
}
