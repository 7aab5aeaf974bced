import { type Log, SILENT_LOG } from '@dbem/runtime';
import { Gauge, type Registry } from 'prom-client';

/** A value and the labels that it stands under. */
export interface Sample {
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface SampledGaugeOptions {
  readonly name: string;
  readonly help: string;
  readonly labelNames?: readonly string[];
  /** Asked at each scrape. If it rejects, the gauge has no value then: better none than an old one. */
  readonly sample: () => Iterable<Sample> | Promise<Iterable<Sample>>;
  readonly log?: Log;
}

/** Adds a gauge whose values are looked up when somebody scrapes. */
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
        // A gauge without labels is 0 after a reset: it must hold something else, or nothing.
        for (const { labels = {}, value } of samples) this.set(labels, value);
      } catch (error) {
        this.reset();
        if (labelNames.length === 0) this.set(Number.NaN);
        log.debug({ err: error, metric: name }, 'could not sample a metric');
      }
    },
  });
}
