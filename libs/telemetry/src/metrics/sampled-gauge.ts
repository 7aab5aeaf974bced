import { type Log, SILENT_LOG } from '@dbem/runtime';
import { Gauge, type Registry } from 'prom-client';

/** A value and its labels. */
export interface Sample {
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface SampledGaugeOptions {
  readonly name: string;
  readonly help: string;
  readonly labelNames?: readonly string[];
  /** Called at each scrape. If it rejects, the gauge has no value: better none than an outdated one. */
  readonly sample: () => Iterable<Sample> | Promise<Iterable<Sample>>;
  readonly log?: Log;
}

/** Adds a gauge whose values are read at each scrape. */
export function addSampledGauge(registry: Registry, options: SampledGaugeOptions): void {
  const { name, help, labelNames = [], sample, log = SILENT_LOG } = options;
  new Gauge({
    name,
    help,
    labelNames: [...labelNames],
    registers: [registry],
    async collect() {
      try {
        const samples = await sample();
        this.reset();
        // After a reset a gauge without labels is 0, so it must be set even if there is no sample.
        for (const { labels = {}, value } of samples) this.set(labels, value);
      } catch (error) {
        this.reset();
        if (labelNames.length === 0) this.set(Number.NaN);
        log.debug({ err: error, metric: name }, 'could not sample a metric');
      }
    },
  });
}
