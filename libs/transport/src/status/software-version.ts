import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The version of this package, which all libraries and apps of the project share. */
export const SOFTWARE_VERSION: string = JSON.parse(
  readFileSync(join(__dirname, '..', '..', 'package.json'), 'utf8'),
).version;
