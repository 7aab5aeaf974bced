import { fileURLToPath } from 'node:url';
import { type ContractReport, checkContract, readIdl } from '@dbem/contract';
import { readIdlFiles } from './read-idl-files';
import { readReaders } from './readers';

/** The subscribers of this repository. */
export const OWN_READERS = fileURLToPath(new URL('readers.json', import.meta.url));

/** Compares two IDL files. @throws Error if a file can't be read. */
export function checkFiles(before: string, after: string, readersFile = OWN_READERS): ContractReport {
  const [old, fresh] = [before, after].map((file) => readIdl(readIdlFiles(file), file.replace(/^.*\//, '')));
  if (old === undefined || fresh === undefined) throw new Error('Two files are needed to compare');
  return checkContract(old, fresh, readReaders(readersFile));
}
