import { readTokenEntries, writeTokenEntries } from '../../../tools/tokens/token-entries';

/** The managers that read the file let nobody in with this token any more, within a second. */
export function revokeToken(file: string, name: string): void {
  const entries = readTokenEntries(file);
  const others = entries.filter((entry) => entry.name !== name);
  if (others.length === entries.length) throw new Error(`${file} has no token named "${name}"`);
  writeTokenEntries(file, others);
}
