import { faultsIn, isGood, type SoakResult } from './result';

const MAX_FINDINGS = 20;

/** The result as text, the summary last. */
export function renderResult(result: SoakResult): string {
  const { seed, minutes, writes, duplicates, episodes, faults, findings, recovery, memory, stuck } = result;
  const lines = [
    '',
    `Writes: ${writes.accepted} accepted, ${writes.refused} rejected (4xx: exists already, or does not exist), ${writes.failed} failed.`,
    `Duplicates sent: ${duplicates}. Episodes: ${episodes}.`,
    '',
    'Faults',
    ...Object.entries(faults).map(([kind, count]) => `  ${kind.padEnd(42)} ${String(count).padStart(4)}`),
    '',
    'Recovery, from the end of the fault until all are ready and new changes have arrived     median   longest',
    ...Object.entries(recovery).map(
      ([kind, { count, medianMs, longestMs }]) =>
        `  ${kind.padEnd(64)} ${`${count} times`.padStart(10)} ${seconds(medianMs)} ${seconds(longestMs)}`,
    ),
    '',
    'Memory (resident), MB                 warm    last    peak   observed',
    ...Object.entries(memory).map(
      ([name, { warmMb, lastMb, peakMb, watchedMs }]) =>
        `  ${name.padEnd(32)} ${mb(warmMb)} ${mb(lastMb)} ${mb(peakMb)} ${seconds(watchedMs)}`,
    ),
    '',
    ...stuck.map((what) => `STUCK: ${what}`),
    ...findings
      .slice(0, MAX_FINDINGS)
      .map(({ violation, where, entityId, details }) => `${violation.toUpperCase()}: ${where} ${entityId}: ${details}`),
    ...(findings.length > MAX_FINDINGS ? [`… and ${findings.length - MAX_FINDINGS} more in the JSON file`] : []),
    summary(result),
  ];
  if (!isGood(result)) lines.push(`To reproduce: npm run soak -- --minutes ${minutes} --seed ${seed}`);
  return lines.join('\n');
}

export function summary(result: SoakResult): string {
  const { changes, lost, doubled, backwards, phantom, parked, unexpectedExits, stuck } = result;
  const rest = [
    ...(parked > 0 ? [`parked ${parked}`] : []),
    ...(unexpectedExits > 0 ? [`unexpected exits ${unexpectedExits}`] : []),
    ...(stuck.length > 0 ? [`stuck ${stuck.length}`] : []),
  ];
  const counts = `lost ${lost}, doubled ${doubled}, backwards ${backwards}, phantom ${phantom}`;
  return `${changes} changes, ${faultsIn(result)} faults, ${[counts, ...rest].join(', ')}`;
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`.padStart(9);
}

function mb(value: number): string {
  return String(value).padStart(7);
}
