import type { BenchCase, Goal } from '../cases/bench-case';
import type { Series } from './sample';
import { median } from './statistics';

const SERVERS = ['broker', 'postgres', 'zookeeper'];

/** The series of a case as a Markdown table: median, range, ratio to the floor, CPU time, memory and other figures. */
export function renderTable({ name, goal }: BenchCase, series: readonly Series[]): string {
  const header = [
    'point',
    'side',
    'events/s',
    'range',
    '× floor',
    'CPU s / 100,000',
    '× floor',
    'servers’ CPU s / 100,000',
    'peak MiB',
    'other figures',
  ];
  const rows = series.map((one) => {
    const floor =
      one.side === 'floor' ? undefined : series.find(({ point, side }) => point === one.point && side === 'floor');
    return [
      one.point || '–',
      one.side,
      number(rateOf(one)),
      rangeOf(one),
      floor === undefined ? '' : ratio(rateOf(one), rateOf(floor)),
      number(ownCpuOf(one)),
      floor === undefined ? '' : ratio(ownCpuOf(one), ownCpuOf(floor)),
      perProcess(one, (process) => SERVERS.includes(process), 'cpuSecondsPer100k'),
      perProcess(one, () => true, 'peakMiB'),
      figuresOf(one, floor),
    ];
  });
  const lines = [header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return [`### ${name}`, '', `Goal: ${goalText(goal)}.`, '', ...lines, ''].join('\n');
}

/** Median of the events per second. */
export function rateOf({ samples }: Series): number {
  return median(samples.flatMap(({ eventsPerSecond }) => (eventsPerSecond === undefined ? [] : [eventsPerSecond])));
}

/** Median of the CPU time without the servers and the writer, s per 100,000 events. */
export function ownCpuOf({ samples }: Series): number {
  const sums = samples.flatMap(({ usage }) =>
    usage === undefined
      ? []
      : [
          Object.entries(usage)
            .filter(([process]) => !SERVERS.includes(process) && process !== 'writer')
            .reduce((sum, [, { cpuSecondsPer100k }]) => sum + cpuSecondsPer100k, 0),
        ],
  );
  return median(sums);
}

function rangeOf({ samples }: Series): string {
  const rates = samples.flatMap(({ eventsPerSecond }) => (eventsPerSecond === undefined ? [] : [eventsPerSecond]));
  return rates.length === 0 ? '' : `${number(Math.min(...rates))}–${number(Math.max(...rates))}`;
}

function perProcess(
  { samples }: Series,
  isIncluded: (process: string) => boolean,
  what: 'cpuSecondsPer100k' | 'peakMiB',
) {
  const names = Object.keys(samples[0]?.usage ?? {}).filter(isIncluded);
  return names
    .map((name) => {
      const value = median(samples.flatMap(({ usage }) => usage?.[name]?.[what] ?? []));
      return [name, value] as const;
    })
    .filter(([, value]) => value > 0)
    .map(([name, value]) => `${name} ${number(value)}`)
    .join(', ');
}

/** The other figures, each with its ratio to the floor's if the floor has it. */
function figuresOf({ samples }: Series, floor: Series | undefined): string {
  return Object.keys(samples[0]?.figures ?? {})
    .map((name) => {
      const value = figureOf(samples, name);
      const itsRatio = floor === undefined ? '' : ratio(value, figureOf(floor.samples, name));
      return `${name} ${number(value)}${itsRatio === '' ? '' : ` (${itsRatio} ×)`}`;
    })
    .join(', ');
}

function figureOf(samples: Series['samples'], name: string): number {
  return median(samples.flatMap(({ figures }) => figures?.[name] ?? []));
}

function goalText({ rate, cpu, other }: Goal): string {
  return [
    ...(rate === undefined ? [] : [`≥ ${rate} × the floor’s events/s`]),
    ...(cpu === undefined ? [] : [`our CPU ≤ ${cpu} × the floor’s`]),
    ...(other === undefined ? [] : [other]),
  ].join('; ');
}

function ratio(value: number, floor: number): string {
  return Number.isFinite(value / floor) ? (value / floor).toFixed(2) : '';
}

function number(value: number): string {
  if (!Number.isFinite(value)) return '';
  return value >= 100 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)));
}
