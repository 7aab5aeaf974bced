import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { makeProgram } from './program';

const read = (path: string) => readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8');
const operations = read('docs/operations.md');

/** Every `dbem …` in a code block or inline. */
const commandLines = [
  ...[...operations.matchAll(/^dbem .*$/gm)].map(([line]) => line),
  ...[...operations.matchAll(/`(dbem [^`]+)`/g)].map((match) => (match[1] ?? '').replaceAll('\n', ' ')),
].filter((line) => !line.startsWith('dbem_'));

/** Follows the words for as long as they name commands. */
function commandOf(words: readonly string[]): { command: Command; rest: readonly string[] } {
  let command: Command = makeProgram();
  let used = 0;
  for (const word of words) {
    const child = command.commands.find((candidate) => candidate.name() === word);
    if (child === undefined) break;
    command = child;
    used += 1;
  }
  return { command, rest: words.slice(used) };
}

describe('docs/operations.md', () => {
  it.each([...new Set(commandLines)])('%s is a command line that dbem accepts', (line) => {
    const words = line.split(/\s+/).slice(1);
    const { command, rest } = commandOf(words);
    expect(command.commands, 'a command, not a group of them').toEqual([]);
    const known = ['--json', ...command.options.flatMap(({ long }) => long ?? [])];
    for (const word of rest.filter((text) => text.startsWith('--'))) expect(known).toContain(word);
    const withValue = command.options.filter(({ required }) => required).map(({ long }) => long);
    const given = rest.filter((word, place) => !word.startsWith('--') && !withValue.includes(rest[place - 1] ?? ''));
    const shown = given.includes('>') ? given.slice(0, given.indexOf('>')) : given;
    expect(shown.length).toBeGreaterThanOrEqual(command.registeredArguments.filter(({ required }) => required).length);
    expect(shown.length).toBeLessThanOrEqual(command.registeredArguments.length);
  });

  it('docs/operations.md has a runbook for every alert, and for no other', () => {
    const { groups } = parse(read('ops/prometheus/alerts.yaml')) as { groups: { rules: { alert?: string }[] }[] };
    const alerts = groups.flatMap(({ rules }) => rules.flatMap(({ alert }) => alert ?? []));
    const runbooks = [...operations.matchAll(/^### (Dbem\w+)$/gm)].map((match) => match[1]);
    expect(runbooks.sort()).toEqual(alerts.sort());
  });
});
