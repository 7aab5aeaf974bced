import 'uplot/dist/uPlot.min.css';
import './time-chart.css';
import { useEffect, useRef, useState } from 'react';
import uPlot from 'uplot';
import { resolvedColour } from './resolved-colour';
import { useTheme } from './theme';

export interface ChartSeries {
  readonly label: string;
  readonly stroke: 'ink' | 'info' | 'warn' | 'idle';
  readonly values: readonly (number | null)[];
}

interface TimeChartProps {
  /** What the chart shows, for screen readers. */
  readonly label: string;
  /** Seconds since 1970. */
  readonly at: readonly number[];
  readonly series: readonly ChartSeries[];
  readonly height?: number;
  /** The smallest maximum of the y-axis, so that small values look small. */
  readonly minScale: number;
  format(value: number): string;
}

const VARIABLES = { ink: '--ink-2', info: '--info-line', warn: '--warn-line', idle: '--idle-line' } as const;
const SYNC = uPlot.sync('flow');
const system = window.matchMedia('(prefers-color-scheme: dark)');

/** A line chart. Its legend shows the latest values or those under the cursor, which the charts of a page share. */
export function TimeChart({ label, at, series, height = 170, minScale, format }: TimeChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot>(undefined);
  const [pointed, setPointed] = useState<number>();
  const theme = useTheme();
  const shape = series.map(({ label: name, stroke }) => `${name}:${stroke}`).join();

  // biome-ignore lint/correctness/useExhaustiveDependencies: recreated for a new theme or new lines only.
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const make = () => {
      chart.current?.destroy();
      chart.current = new uPlot(
        optionsOf(element, series, height, minScale, format, setPointed),
        dataOf(at, series),
        element,
      );
    };
    make();
    const resize = new ResizeObserver(() => chart.current?.setSize({ width: element.clientWidth, height }));
    resize.observe(element);
    system.addEventListener('change', make);
    return () => {
      resize.disconnect();
      system.removeEventListener('change', make);
      chart.current?.destroy();
      chart.current = undefined;
    };
  }, [theme, shape, height]);

  useEffect(() => {
    chart.current?.setData(dataOf(at, series));
  }, [at, series]);

  const shown = (values: readonly (number | null)[]) => {
    const value = pointed === undefined ? values.findLast((one) => one !== null) : values[pointed];
    return value === undefined || value === null ? '–' : format(value);
  };
  return (
    <figure className="chart" aria-label={label}>
      <dl className="chart-legend">
        {series.map(({ label: name, stroke, values }) => (
          <div key={name}>
            <dt>
              <i className={`chart-stroke-${stroke}`} aria-hidden />
              {name}
            </dt>
            <dd>{shown(values)}</dd>
          </div>
        ))}
      </dl>
      <div ref={place} aria-hidden />
    </figure>
  );
}

function dataOf(at: readonly number[], series: readonly ChartSeries[]): uPlot.AlignedData {
  return [at as number[], ...series.map(({ values }) => values as (number | null)[])];
}

function optionsOf(
  element: HTMLElement,
  series: readonly ChartSeries[],
  height: number,
  minScale: number,
  format: (value: number) => string,
  onPoint: (index: number | undefined) => void,
): uPlot.Options {
  const ink = resolvedColour('--ink-3', element);
  const grid = { stroke: resolvedColour('--line', element), width: 1 };
  const font = `11.5px ${getComputedStyle(element).fontFamily}`;
  const axis = { stroke: ink, grid, ticks: { show: false }, font } as const;
  return {
    width: element.clientWidth,
    height,
    legend: { show: false },
    cursor: { sync: { key: SYNC.key }, points: { size: 6 }, drag: { x: false, y: false } },
    padding: [8, 8, 0, 0],
    scales: { y: { range: (_chart, _min, max) => [0, Math.max(max ?? 0, minScale) * 1.12] } },
    axes: [
      { ...axis, space: 80, size: 26, values: (_chart, ticks) => ticks.map((tick) => clock(tick)) },
      { ...axis, size: 58, space: 36, values: (_chart, ticks) => ticks.map(format) },
    ],
    series: [
      {},
      ...series.map(({ label, stroke }) => ({
        label,
        stroke: resolvedColour(VARIABLES[stroke], element),
        width: 1.6,
        points: { show: false },
        spanGaps: false,
      })),
    ],
    hooks: { setCursor: [({ cursor }) => onPoint(cursor.idx ?? undefined)] },
  };
}

function clock(seconds: number): string {
  return new Date(seconds * 1_000).toLocaleTimeString(undefined, {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
}
