const COUNT = new Intl.NumberFormat('en-GB');
const COMPACT = new Intl.NumberFormat('en-GB', { notation: 'compact', maximumSignificantDigits: 3 });
const CLOCK = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });
const MOMENT = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
const MINUTE_S = 60;
const HOUR_S = 3_600;
const DAY_S = 86_400;

/** 12,345 */
export function formatCount(count: number): string {
  return COUNT.format(count);
}

/** 12.3k */
export function formatCompact(count: number): string {
  return COMPACT.format(count);
}

/** Events per second: 0, 0.4, 12, 1.2k. Rates under one event per 20 seconds are shown as 0. */
export function formatRate(perSecond: number): string {
  if (perSecond < 0.05) return '0';
  return perSecond < 10 ? (Math.round(perSecond * 10) / 10).toString() : formatCompact(Math.round(perSecond));
}

/** 4 ms, 1.2 s, 3 min 20 s, 2 h 5 min, 3 d 4 h */
export function formatDuration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  const seconds = ms / 1_000;
  if (seconds < 10) return `${(Math.floor(seconds * 10) / 10).toString()} s`;
  if (seconds < MINUTE_S) return `${Math.floor(seconds)} s`;
  if (seconds < HOUR_S) return twoUnits(seconds, MINUTE_S, 'min', 1, 's');
  return seconds < DAY_S ? twoUnits(seconds, HOUR_S, 'h', MINUTE_S, 'min') : twoUnits(seconds, DAY_S, 'd', HOUR_S, 'h');
}

function twoUnits(seconds: number, unit: number, name: string, subUnit: number, subName: string): string {
  const whole = Math.floor(seconds / unit);
  const rest = Math.floor((seconds % unit) / subUnit);
  return rest === 0 ? `${whole} ${name}` : `${whole} ${name} ${rest} ${subName}`;
}

/** 512 B, 3.4 KiB, 12 MiB */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1_024 && unit < units.length - 1) {
    value /= 1_024;
    unit += 1;
  }
  return `${value < 10 && unit > 0 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

/** 04:07:35 */
export function formatClock(at: string): string {
  return CLOCK.format(new Date(at));
}

/** 25 Nov 2026, 04:07:35 */
export function formatMoment(at: string): string {
  return MOMENT.format(new Date(at));
}

/** "1 event", "3 events" */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}
