import { readFileSync } from 'node:fs';

/** A variable as an app reads it: itself, or what is in the file that `NAME_FILE` names. Undefined if it is not set, or empty. */
export function variable(name: string): string | undefined {
  const given = process.env[name];
  if (given) return given;
  const file = process.env[`${name}_FILE`];
  return file ? readFileSync(file, 'utf8').replace(/\r?\n$/, '') || undefined : undefined;
}

/** Names of variables that hold a database's URL, or name the file that does. */
export function databaseVariables(): string[] {
  const names = Object.keys(process.env).map((name) => name.replace(/_FILE$/, ''));
  return [...new Set(names.filter((name) => /^([A-Z]+_)?DATABASE_URL$/.test(name)))].sort();
}
