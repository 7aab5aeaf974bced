import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export interface Result {
  readonly passed: number;
  readonly failed: number;
}

const FOLDER = fileURLToPath(new URL('../.local/results/', import.meta.url));

/** Prints a command's result on a line of its own and saves it for `sum-up.ts`. */
export function reportResult(name: string, { passed, failed }: Result): void {
  writeFileSync(pathOfResult(fileName(name)), JSON.stringify({ passed, failed }));
  console.log(`${passed} passed, ${failed} failed`);
}

/** The result that a command saved. A command without a saved result has failed. */
export function readResult(name: string): Result {
  try {
    return JSON.parse(readFileSync(pathOfResult(fileName(name)), 'utf8'));
  } catch (error) {
    console.error(`No result of ${name}: ${(error as Error).message}`);
    return { passed: 0, failed: 1 };
  }
}

export function pathOfResult(name: string): string {
  mkdirSync(FOLDER, { recursive: true });
  return `${FOLDER}${name}.json`;
}

function fileName(name: string): string {
  return name.replace(':', '-');
}
