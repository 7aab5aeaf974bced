import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { completionScript } from './completion/scripts';
import { checkClock } from './doctor/finding';
import { EXIT_CODES } from './exit-codes';
import { formatTable } from './output/table';
import { makeProgram } from './program';

const docs = readFileSync(fileURLToPath(new URL('../../docs/cli.md', import.meta.url)), 'utf8');

function leavesOf(command: Command, words: string[] = []): string[] {
  const children = command.commands.filter((child) => child.name() !== 'help');
  if (children.length === 0) return [words.join(' ')];
  return children.flatMap((child) => leavesOf(child, [...words, child.name()]));
}

describe('docs/cli.md', () => {
  it('docs/cli.md names every command', () => {
    for (const leaf of leavesOf(makeProgram())) {
      const [group = '', name = ''] = leaf.split(' ');
      expect(docs).toMatch(new RegExp(`\`dbem ${group}[^|]*\\b${name}`));
    }
  });

  it('docs/cli.md lists the exit codes of dbem', () => {
    const written = [...docs.matchAll(/^\| (\d) +\| `(\w+)`/gm)].map((match) => [match[2], Number(match[1])]);
    expect(Object.fromEntries(written)).toEqual(EXIT_CODES);
  });
});

describe('completion', () => {
  const script = completionScript('bash', makeProgram());
  const complete = (...words: string[]) =>
    spawnSync('bash', [
      '-c',
      `${script}\nCOMP_WORDS=(dbem ${words.map((word) => `'${word}'`).join(' ')})\nCOMP_CWORD=${words.length}\n_dbem\necho "\${COMPREPLY[@]}"`,
    ])
      .stdout.toString()
      .trim()
      .split(' ');

  it('The bash completion offers commands, subcommands and options, also after arguments', () => {
    expect(complete('sub')).toEqual(['subscriptions']);
    expect(complete('subscriptions', 're')).toEqual(['remove', 'resume', 'receipt']);
    expect(complete('subscriptions', 'resume', 'user.profile', '--')).toEqual(['--by', '--wait']);
    expect(complete('contract', '')).toEqual(['check', 'verify', 'register', 'schemas']);
  });

  it.each(['zsh', 'fish'] as const)('The %s completion contains every top-level command', (shell) => {
    const text = completionScript(shell, makeProgram());
    for (const { name } of makeProgram().commands.map((command) => ({ name: command.name() })))
      expect(text).toContain(name);
  });
});

describe('formatTable', () => {
  it('formatTable aligns columns, right-aligns numbers and keeps every row', () => {
    expect(
      formatTable(
        ['queue', 'waiting'],
        [
          ['a', 5],
          ['longer.queue', 12_000],
        ],
      ),
    ).toBe(['QUEUE         WAITING', 'a                   5', 'longer.queue    12000'].join('\n'));
  });
});

describe('checkClock', () => {
  it('checkClock tolerates the duration of the request and the precision of the other clock', () => {
    expect(checkClock('clock', 10_900, 10_000, 10_100, 0).state).toBe('ok');
    expect(checkClock('clock', 10_000, 12_100, 12_200, 1_000).state).toBe('fault');
    expect(checkClock('clock', 10_000, 11_500, 11_600, 1_000).state).toBe('ok');
  });
});
