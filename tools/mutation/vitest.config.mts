import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';
import base from '../../vitest.config.mts';

const IMPORT = /import\s*\{([^}]*)\}\s*from\s*["']@dbem\/([\w-]+)["'];?/g;

/**
 * Resolves imports from a library to the file that exports the name. The library's index would load Nest and the whole
 * library, which takes most of the time of a mutant.
 */
const bypassIndex: Plugin = {
  name: 'bypass-index',
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

/** Runs only the unit specs of the files that `stryker.config.mjs` mutates. */
export default defineConfig({
  plugins: [...(base.plugins ?? []), bypassIndex],
  resolve: base.resolve,
  test: {
    include: [
      'libs/{db-event,routing,replica,outbox}/src/**/*.unit.spec.ts',
      'libs/runtime/src/waiting/{backoff,linger,periodic-task}*.unit.spec.ts',
    ],
    // One process for all files, so that modules are loaded once.
    isolate: false,
    // Fails a mutant early that makes a test wait indefinitely.
    testTimeout: 10_000,
  },
});
