import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The version of this software: of the library that all parts of it stand on. */
export const SOFTWARE_VERSION: string = JSON.parse(
  readFileSync(join(__dirname, '..', '..', 'package.json'), 'utf8'),
).version;
