import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export interface Result {
  readonly passed: number;
  readonly failed: number;
}

const FOLDER = fileURLToPath(new URL('../.local/results/', import.meta.url));

/** Keeps a command's result for whoever sums up, and prints it as the last line. */
export function reportResult(name: string, { passed, failed }: Result): void {
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(`${FOLDER}${name}.json`, JSON.stringify({ passed, failed }));
  console.log(`${passed} passed, ${failed} failed`);
}

export function pathOfResult(name: string): string {
  mkdirSync(FOLDER, { recursive: true });
  return `${FOLDER}${name}.json`;
}
