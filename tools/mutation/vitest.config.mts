import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';
import base from '../../vitest.config.mts';

const IMPORT = /import\s*\{([^}]*)\}\s*from\s*["']@dbem\/([\w-]+)["'];?/g;

/**
 * Imports from a library come from the file that has it, past the library's index, which would load Nest and all else of that
 * library with it: that is most of what a mutant costs.
 */
const pastTheIndex: Plugin = {
  name: 'past-the-index',
  enforce: 'post',
  transform: (code) =>
    code.replaceAll(IMPORT, (_import, names: string, library: string) => {
      const files = filesByExport(library);
      const imports = names.split(',').filter((name) => name.trim() !== '');
      return imports.map((name) => `import {${name}} from '${files.get(exportedName(name))}';`).join(' ');
    }),
};

function exportedName(specifier: string): string {
  return specifier.trim().split(/\s+as\s+/)[0] ?? '';
}

function filesByExport(library: string): Map<string, string> {
  const index = fileURLToPath(new URL(`../../libs/${library}/src/index.ts`, import.meta.url));
  const exports = readFileSync(index, 'utf8').matchAll(/export (?:type )?\{([^}]*)\} from '\.\/([^']*)'/g);
  return new Map(
    [...exports].flatMap(([, names = '', file]) =>
      names
        .split(',')
        .map((name) => [exportedName(name.replace(/\btype /, '')), index.replace('index.ts', `${file}.ts`)]),
    ),
  );
}

/** The unit specs of what `stryker.config.mjs` mutates, and no others. */
export default defineConfig({
  plugins: [...(base.plugins ?? []), pastTheIndex],
  resolve: base.resolve,
  test: {
    include: [
      'libs/{db-event,routing,replica,outbox}/src/**/*.unit.spec.ts',
      'libs/runtime/src/waiting/{backoff,pace,periodic-task}*.unit.spec.ts',
    ],
    // One process for all: each file would else load the same modules anew.
    isolate: false,
    // A mutant that makes a test wait for ever fails it soon.
    testTimeout: 10_000,
  },
});
