import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import swc from 'unplugin-swc';
import { defineConfig } from 'vitest/config';

const librarySource = fileURLToPath(new URL('./libs/$1/src/index.ts', import.meta.url));
/** Of an entry point of its own, which a library's package.json names in `exports`. */
const entrySource = fileURLToPath(new URL('./libs/$1/src/$2/index.ts', import.meta.url));

/** A project for each level, which a file's suffix names. All but `unit` get real servers, shared by all of a run. */
const level = (name: string, include: string[], timeoutMs = 120_000) => ({
  extends: true as const,
  test: {
    name,
    include,
    testTimeout: timeoutMs,
    hookTimeout: timeoutMs,
    ...(name !== 'unit' && { globalSetup: ['test/support/servers/global-setup.ts'] }),
  },
});

export default defineConfig({
  plugins: [
    swc.vite({
      module: { type: 'es6' },
      jsc: {
        target: 'es2022',
        // Said here, for it reads only files called tsconfig.json, and the apps have none.
        parser: { syntax: 'typescript', decorators: true },
        transform: { legacyDecorator: true, decoratorMetadata: true },
      },
    }),
  ],
  resolve: {
    alias: [
      { find: /^@dbem\/([^/]+)$/, replacement: librarySource },
      { find: /^@dbem\/([^/]+)\/([^/.]+)$/, replacement: entrySource },
    ],
  },
  test: {
    pool: 'forks',
    // Tests with servers mostly wait: two for each core keep the cores busy. Modules are loaded once for each of them.
    // Not '200%': Vitest takes no more than 100 %.
    maxWorkers: 2 * availableParallelism(),
    isolate: false,
    projects: [
      level('unit', ['{apps,libs,tools}/**/*.unit.spec.ts']),
      level('contract', ['test/**/*.contract.spec.ts']),
      level('integration', ['test/**/*.integration.spec.ts']),
      level('e2e', ['test/**/*.e2e.spec.ts']),
      level('fault', ['test/**/*.fault.spec.ts'], 300_000),
      level('long', ['test/**/*.long.spec.ts'], 600_000),
    ],
  },
});
