// Mutates the core (or only the given libraries), runs its unit specs against each mutant, and prints the score.
import { Stryker } from '@stryker-mutator/core';
import config from './stryker.config.mjs';

const libraries = process.argv.slice(2);
const isSelected = (pattern) =>
  pattern.startsWith('!') || libraries.length === 0 || libraries.includes(libraryOf(pattern));
const mutate = config.mutate.filter(isSelected);
if (mutate.every((pattern) => pattern.startsWith('!'))) {
  console.error(`tools/mutation/stryker.config.mjs mutates no file of: ${libraries.join(', ')}`);
  process.exit(2);
}

const results = await new Stryker({ configFile: 'tools/mutation/stryker.config.mjs', mutate }).runMutationTest();
const names = [...new Set(results.map(({ fileName }) => libraryOf(fileName)))].sort();
const scoreOfLibrary = (name) => scoreOf(results.filter(({ fileName }) => libraryOf(fileName) === name));
console.table({ ...Object.fromEntries(names.map((name) => [name, scoreOfLibrary(name)])), all: scoreOf(results) });
console.log(`Report of surviving mutants: ${config.htmlReporter.fileName}`);

function libraryOf(path) {
  return path.match(/\blibs\/([^/]+)\//)?.[1] ?? '';
}

function scoreOf(mutants) {
  const count = (...statuses) => mutants.filter(({ status }) => statuses.includes(status)).length;
  const killed = count('Killed', 'Timeout');
  const survived = count('Survived');
  const noCoverage = count('NoCoverage');
  const score = (100 * killed) / (killed + survived + noCoverage);
  return {
    killed,
    survived,
    'no coverage': noCoverage,
    ignored: count('Ignored'),
    'score %': Number(score.toFixed(1)),
  };
}
