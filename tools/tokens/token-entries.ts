import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { z } from 'zod';
import { tokenFileSchema } from '../../apps/event-manager/src/access/token-file.schema';

export type TokenEntry = z.infer<typeof tokenFileSchema>['tokens'][number];

/** Empty if the file does not exist. @throws ZodError, SyntaxError if the file is invalid */
export function readTokenEntries(file: string): TokenEntry[] {
  if (!existsSync(file)) return [];
  return tokenFileSchema.parse(JSON.parse(readFileSync(file, 'utf8'))).tokens;
}

/** Replaces the file atomically: a manager reads either the old or the new one. Only the owner may read it. */
export function writeTokenEntries(file: string, tokens: readonly TokenEntry[]): void {
  const fresh = `${file}.${process.pid}.tmp`;
  writeFileSync(fresh, `${JSON.stringify({ tokens }, null, 2)}\n`, { mode: 0o600 });
  renameSync(fresh, file);
}
