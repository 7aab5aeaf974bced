import type { Registry } from 'prom-client';

/** A metric's current value and labels. Values of a histogram also have `metricName`, and `le` among the labels. */
export interface MetricValue {
  readonly value: number;
  readonly labels: Readonly<Partial<Record<string, string | number>>>;
  readonly metricName?: string | undefined;
}

/** A metric's current values, as a scrape would read them; empty if the metric does not exist. */
export async function valuesOf(registry: Registry, name: string): Promise<readonly MetricValue[]> {
  const metric = registry.getSingleMetric(name);
  return metric === undefined ? [] : ((await metric.get()).values as MetricValue[]);
}
