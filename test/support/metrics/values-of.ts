import type { Registry } from 'prom-client';

/** A value that a metric has now, and the labels that it stands under. Of a histogram also `metricName`, and `le` among the labels. */
export interface MetricValue {
  readonly value: number;
  readonly labels: Readonly<Partial<Record<string, string | number>>>;
  readonly metricName?: string | undefined;
}

/** What a metric says now, as a scrape would see it; nothing if there is no such metric. */
export async function valuesOf(registry: Registry, name: string): Promise<readonly MetricValue[]> {
  const metric = registry.getSingleMetric(name);
  return metric === undefined ? [] : ((await metric.get()).values as MetricValue[]);
}
