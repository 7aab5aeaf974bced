import { faultsIn, type SoakResult } from './result';

/** The figures of several soaks as Markdown, for docs/reliability.md. */
export function renderTable(results: readonly SoakResult[]): string {
  return [
    '| seed | minutes | changes | faults | duplicates sent | lost | doubled | backwards | phantom | parked |',
    '| ---- | ------- | ------- | ------ | --------------- | ---- | ------- | --------- | ------- | ------ |',
    ...results.map((result) => {
      const { seed, minutes, changes, duplicates, lost, doubled, backwards, phantom, parked } = result;
      return row([seed, minutes, changes, faultsIn(result), duplicates, lost, doubled, backwards, phantom, parked]);
    }),
    '',
    '| fault | times | recovery, median | longest |',
    '| ----- | ----- | ---------------- | ------- |',
    ...kindsOf(results).map((kind) => {
      const summaries = results.flatMap(({ recovery }) => recovery[kind] ?? []);
      const count = summaries.reduce((sum, summary) => sum + summary.count, 0);
      // The median of the runs' medians: accurate enough, and needs no individual times.
      const medians = summaries.map(({ medianMs }) => medianMs).sort((left, right) => left - right);
      const longest = Math.max(...summaries.map(({ longestMs }) => longestMs));
      return row([kind, count, seconds(medians[Math.floor(medians.length / 2)] ?? 0), seconds(longest)]);
    }),
    '',
  ].join('\n');
}

function kindsOf(results: readonly SoakResult[]): string[] {
  return [...new Set(results.flatMap(({ recovery }) => Object.keys(recovery)))].sort();
}

function row(cells: readonly (string | number)[]): string {
  return `| ${cells.join(' | ')} |`;
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
