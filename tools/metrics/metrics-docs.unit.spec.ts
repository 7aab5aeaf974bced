import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parser } from '@prometheus-io/lezer-promql';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type RegisteredMetric, registeredMetrics } from './registered-metrics';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string) => readFileSync(`${root}${path}`, 'utf8');

interface Rule {
  alert?: string;
  record?: string;
  expr: string;
  for?: string;
  annotations?: { summary: string; runbook: string };
}

const rules = (parse(read('ops/prometheus/alerts.yaml')) as { groups: { rules: Rule[] }[] }).groups.flatMap(
  (group) => group.rules,
);
const panels = (
  JSON.parse(read('ops/grafana/db-event-manager.json')) as { panels: { title: string; targets: { expr: string }[] }[] }
).panels;
const metrics = registeredMetrics();
const recorded = rules.flatMap(({ record }) => record ?? []);

/** The time series of a metric. */
function seriesOf({ name, type }: RegisteredMetric): string[] {
  return type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name];
}

const known = new Map(metrics.flatMap((metric) => seriesOf(metric).map((series) => [series, metric] as const)));

/** The metric names and label names in an expression. @throws Error if it is not valid PromQL */
function namesIn(expression: string): { series: string[]; labels: string[] } {
  const text = expression.replaceAll('$__rate_interval', '5m');
  const series: string[] = [];
  const labels: string[] = [];
  parser.parse(text).iterate({
    enter: ({ name, from, to, type }) => {
      if (type.isError) throw new Error(`Invalid PromQL at ${from}: ${text}`);
      if (name === 'Identifier') series.push(text.slice(from, to));
      if (name === 'LabelName') labels.push(text.slice(from, to));
    },
  });
  return { series, labels };
}

/** Added by Prometheus or by histograms. */
const FOREIGN_LABELS = ['job', 'instance', 'le'];
const ownLabels = new Set([...metrics.flatMap(({ labelNames }) => labelNames), ...FOREIGN_LABELS]);

describe('docs/metrics.md', () => {
  it('docs/metrics.md lists every registered metric with its type, labels and help, and no others', () => {
    const rows = read('docs/metrics.md').match(/^\| `dbem_\w+` +\| (counter|gauge|histogram) .*$/gm) ?? [];
    const written = rows.map((row) =>
      row
        .split('|')
        .map((cell) => cell.trim())
        .join('|'),
    );
    const expected = metrics.map(
      ({ name, type, labelNames, help }) => `|\`${name}\`|${type}|${labelNames.join(', ') || '—'}|${help}|`,
    );
    expect(written).toEqual(expected);
  });
});

describe('metric names', () => {
  it('Metric names have the prefix dbem_, and the suffix _total for counters only', () => {
    for (const { name, type } of metrics) {
      expect(name).toMatch(/^dbem_[a-z_]+$/);
      expect(name.endsWith('_total'), name).toBe(type === 'counter');
    }
  });

  it('Metric labels come from a fixed set', () => {
    const ofEvents = ['publisher', 'subscriber', 'entity_type', 'code', 'outcome', 'queue', 'kind', 'cause', 'state'];
    const allowed = [...ofEvents, 'role', 'method'];
    for (const { name, labelNames } of metrics) expect(allowed, name).toEqual(expect.arrayContaining([...labelNames]));
  });
});

const expressions = [
  ...rules.map(({ alert, record, expr }) => [`rule ${alert ?? record}`, expr] as const),
  ...panels.flatMap(({ title, targets }) => targets.map(({ expr }) => [`panel ${title}`, expr] as const)),
];

describe('alert rules and dashboard', () => {
  it.each(expressions)('The query of the %s uses only existing metrics and labels', (_of, expression) => {
    const { series, labels } = namesIn(expression);
    expect(series.length).toBeGreaterThan(0);
    for (const name of series) expect(known.has(name) || recorded.includes(name), name).toBe(true);
    for (const label of labels) expect(ownLabels.has(label), label).toBe(true);
  });

  it('Every metric is used in a rule or on the dashboard', () => {
    const used = new Set(expressions.flatMap(([, expression]) => namesIn(expression).series));
    const unused = metrics.filter((metric) => !seriesOf(metric).some((series) => used.has(series)));
    expect(unused.map(({ name }) => name)).toEqual([]);
  });

  it('Every alert has a duration, a summary and a runbook', () => {
    for (const { alert, for: duration, annotations } of rules.filter((rule) => rule.alert !== undefined)) {
      expect(duration, alert).toBeDefined();
      expect(annotations?.summary, alert).toBeTruthy();
      expect(annotations?.runbook).toBe(`docs/operations.md#${alert?.toLowerCase()}`);
    }
  });
});
