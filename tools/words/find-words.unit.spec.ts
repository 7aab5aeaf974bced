import { describe, expect, it } from 'vitest';
import { type BannedWords, findWords, longComments } from './find-words';

const BANNED: BannedWords = {
  words: { 'keeper keepers': 'monitor' },
  phrases: { 'for ever\\b': 'indefinitely' },
  allowed: { 'docs/renames.md': '*', 'libs/old/': 'keeper' },
};

const found = (text: string, file = 'libs/a.ts') =>
  findWords(file, text, BANNED).map(({ line, found }) => `${line} ${found}`);

describe('findWords', () => {
  it('A banned word is found in a text and in every spelling of an identifier', () => {
    const text = 'The keeper runs.\nconst topologyKeeper = KEEPER_MS;\nimport "./topology-keeper"; // keepers';
    expect(found(text)).toEqual(['1 keeper', '2 Keeper', '2 KEEPER', '3 keeper', '3 keepers']);
  });

  it('A banned phrase is found whatever its case, with what to use instead', () => {
    expect(findWords('README.md', 'It waits For ever.', BANNED)).toEqual([
      { file: 'README.md', line: 1, found: 'For ever', use: 'indefinitely' },
    ]);
  });

  it('A longer word that contains a banned one, and ZooKeeper, are no finds', () => {
    expect(found('A bookkeeper, a ZooKeeper and a zooKeeperSession wait forever.')).toEqual([]);
  });

  it('A file or folder may contain the words that it is allowed', () => {
    expect(found('keeper, for ever', 'docs/renames.md')).toEqual([]);
    expect(found('keeper, keepers', 'libs/old/b.ts')).toEqual(['1 keepers']);
  });
});

describe('longComments', () => {
  it('A comment past column 120 is found, unless a link makes it so long', () => {
    const link = `// https://example.org/${'x'.repeat(110)}`;
    expect(longComments([`// ${'x '.repeat(60)}`, ` * ${'y '.repeat(50)}`, link].join('\n'))).toEqual([1]);
  });
});
