import { readFileSync } from 'node:fs';
import type { Surroundings } from '../root-command';

type Environment = Surroundings['env'];

/** A variable as an app reads it: itself, or what is in the file that `NAME_FILE` names. Undefined if it is not set, or empty. */
export function variable(env: Environment, name: string): string | undefined {
  const given = env[name];
  if (given) return given;
  const file = env[`${name}_FILE`];
  return file ? readFileSync(file, 'utf8').replace(/\r?\n$/, '') || undefined : undefined;
}

/** Names of variables that hold a database's URL, or name the file that does. */
export function databaseVariables(env: Environment): string[] {
  const names = Object.keys(env).map((name) => name.replace(/_FILE$/, ''));
  return [...new Set(names.filter((name) => /^([A-Z]+_)?DATABASE_URL$/.test(name)))].sort();
}
