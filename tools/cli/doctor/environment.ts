import { readFileSync } from 'node:fs';
import type { RunContext } from '../root-command';

type Environment = RunContext['env'];

/** A variable as an app reads it: its value, or the content of the file `NAME_FILE`. Undefined if not set or empty. */
export function variable(env: Environment, name: string): string | undefined {
  const given = env[name];
  if (given) return given;
  const file = env[`${name}_FILE`];
  return file ? readFileSync(file, 'utf8').replace(/\r?\n$/, '') || undefined : undefined;
}

/** Names of the variables with a database's URL, given directly or as `NAME_FILE`. */
export function databaseVariables(env: Environment): string[] {
  const names = Object.keys(env).map((name) => name.replace(/_FILE$/, ''));
  return [...new Set(names.filter((name) => /^([A-Z]+_)?DATABASE_URL$/.test(name)))].sort();
}
