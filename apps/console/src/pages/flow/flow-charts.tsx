import { useMemo } from 'react';
import type { Schemas } from '../../api/schemas';
import { Card } from '../../ui/card';
import { formatCompact, formatDuration, formatRate } from '../../ui/format';
import { TimeChart } from '../../ui/time-chart';

/** Charts of throughput, lag and backlog. */
export function FlowCharts({ flow }: { readonly flow: Schemas['FlowDto'] }) {
  const { at, inPerS, outPerS, lagP50Ms, lagP99Ms, depth } = flow;
  const throughput = useMemo(
    () => [
      { label: 'forwarded', stroke: 'ink', values: inPerS } as const,
      { label: 'processed', stroke: 'info', values: outPerS } as const,
    ],
    [inPerS, outPerS],
  );
  const lag = useMemo(
    () => [
      { label: 'p50', stroke: 'ink', values: lagP50Ms } as const,
      { label: 'p99', stroke: 'warn', values: lagP99Ms } as const,
    ],
    [lagP50Ms, lagP99Ms],
  );
  const backlog = useMemo(() => [{ label: 'waiting', stroke: 'ink', values: depth } as const], [depth]);
  return (
    <div className="charts">
      <Card title="Throughput" note="Events per second.">
        <TimeChart label="Throughput, events per second" at={at} series={throughput} minScale={1} format={perSecond} />
      </Card>
      <Card title="Lag" note="From the change to its commit in the replica.">
        <TimeChart
          label="Lag from the change to its commit in the replica"
          at={at}
          series={lag}
          minScale={100}
          format={formatDuration}
        />
      </Card>
      <Card title="Backlog" note="Events in the work queues.">
        <TimeChart label="Events in the work queues" at={at} series={backlog} minScale={10} format={formatCompact} />
      </Card>
    </div>
  );
}

function perSecond(rate: number): string {
  return `${formatRate(rate)}/s`;
}
