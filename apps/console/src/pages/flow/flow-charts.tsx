import { useMemo } from 'react';
import type { Schemas } from '../../api/schemas';
import { Card } from '../../ui/card';
import { formatCompact, formatDuration, formatRate } from '../../ui/format';
import { TimeChart } from '../../ui/time-chart';

/** The hour in three pictures. */
export function FlowCharts({ flow }: { readonly flow: Schemas['FlowDto'] }) {
  const { at, inPerS, outPerS, lagP50Ms, lagP99Ms, depth } = flow;
  const throughput = useMemo(
    () => [
      { label: 'sent on', stroke: 'ink', values: inPerS } as const,
      { label: 'settled', stroke: 'info', values: outPerS } as const,
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
      <Card title="Throughput" note="Events a second.">
        <TimeChart label="Throughput, events a second" at={at} series={throughput} least={1} format={perSecond} />
      </Card>
      <Card title="Lag" note="From the change to its application.">
        <TimeChart
          label="Lag from the change to its application"
          at={at}
          series={lag}
          least={100}
          format={formatDuration}
        />
      </Card>
      <Card title="Backlog" note="Events in the work queues.">
        <TimeChart label="Events in the work queues" at={at} series={backlog} least={10} format={formatCompact} />
      </Card>
    </div>
  );
}

function perSecond(rate: number): string {
  return `${formatRate(rate)}/s`;
}
