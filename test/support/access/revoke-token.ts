import { readTokenEntries, writeTokenEntries } from '../../../tools/tokens/token-entries';

/** Managers that read the file stop accepting this token within a second. */
export function revokeToken(file: string, name: string): void {
  const entries = readTokenEntries(file);
  const others = entries.filter((entry) => entry.name !== name);
  if (others.length === entries.length) throw new Error(`${file} has no token named "${name}"`);
  writeTokenEntries(file, others);
}
