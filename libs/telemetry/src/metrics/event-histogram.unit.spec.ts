import { Histogram, Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { type MetricValue, valuesOf } from '../../../../test/support/metrics/values-of';
import { EventHistogram } from './event-histogram';

const OPTIONS = { name: 'took_seconds', help: 'How long it took.', labelNames: ['publisher', 'subscriber'] };
const BUCKETS = [0.001, 0.5, 2];

describe('EventHistogram', () => {
  it('EventHistogram exports the same text as prom-client’s histogram', async () => {
    const [ours, theirs] = [new Registry(), new Registry()];
    const histogram = new EventHistogram({ ...OPTIONS, buckets: BUCKETS, registers: [ours] });
    const other = new Histogram({ ...OPTIONS, buckets: BUCKETS, registers: [theirs] });
    const observed = [0, 0.001, 0.0011, 0.5, 1.999, 2, 2.001, 1e6];
    for (const [index, value] of observed.entries()) {
      const [publisher, subscriber] = index % 3 === 0 ? ['a', 'b c'] : ['a b', 'c'];
      histogram.series(publisher, subscriber).observe(value);
      other.observe({ publisher, subscriber }, value);
    }
    const lines = (text: string) => text.split('\n').sort();
    const exported = lines(await ours.metrics());
    expect(exported).toContain('took_seconds_count{publisher="a b",subscriber="c"} 5');
    expect(exported).toEqual(lines(await theirs.metrics()));
  });

  it('EventHistogram returns the same values as prom-client’s histogram', async () => {
    const [ours, theirs] = [new Registry(), new Registry()];
    new EventHistogram({ ...OPTIONS, buckets: BUCKETS, registers: [ours] }).series('a', 'b').observe(0.2);
    new Histogram({ ...OPTIONS, buckets: BUCKETS, registers: [theirs] }).observe(
      { publisher: 'a', subscriber: 'b' },
      0.2,
    );
    const values = await valuesOf(ours, OPTIONS.name);
    expect(values).toHaveLength(BUCKETS.length + 3);
    const plain = (given: readonly MetricValue[]) =>
      given.map(({ metricName, labels, value }) => ({ metricName, labels, value }));
    expect(plain(values)).toEqual(plain(await valuesOf(theirs, OPTIONS.name)));
  });

  it('EventHistogram exports no series before the first event', async () => {
    const registry = new Registry();
    new EventHistogram({ ...OPTIONS, buckets: BUCKETS, registers: [registry] });
    expect((await registry.metrics()).trim().split('\n')).toHaveLength(2);
  });
});
