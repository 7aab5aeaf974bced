import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { IdlText } from '@dbem/entity-codec';

const INCLUDE = /^\s*include\s+["']([^"']+)["']/gm;

/** An IDL file and the files that it includes, relative to it. @throws Error if one can't be read */
export function readIdlFiles(file: string): IdlText {
  const idl = readFileSync(file, 'utf8');
  const includes: Record<string, string> = {};
  const collect = (text: string, folder: string) => {
    for (const [, name = ''] of text.matchAll(INCLUDE)) {
      if (name in includes) continue;
      const content = readFileSync(join(folder, name), 'utf8');
      includes[name] = content;
      collect(content, folder);
    }
  };
  collect(idl, dirname(file));
  return { idl, includes };
}
