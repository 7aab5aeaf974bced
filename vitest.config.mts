import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import swc from 'unplugin-swc';
import { defineConfig } from 'vitest/config';

const librarySource = fileURLToPath(new URL('./libs/$1/src/index.ts', import.meta.url));
/** For a further entry point that a library's package.json lists in `exports`. */
const entrySource = fileURLToPath(new URL('./libs/$1/src/$2/index.ts', import.meta.url));

/** One project per level, named by the file's suffix. All but `unit` get real servers, shared by a run's files. */
const level = (name: string, include: string[], timeoutMs = 300_000) => ({
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
        // Repeated here, because swc reads only files named tsconfig.json, and the apps have none.
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
    // Tests with servers mostly wait, so two workers per core keep the cores busy. Each worker loads modules once.
    // Not '200%', because Vitest caps percentages at 100 %.
    maxWorkers: 2 * availableParallelism(),
    isolate: false,
    projects: [
      level('unit', ['{apps,libs,tools}/**/*.unit.spec.ts']),
      level('contract', ['test/**/*.contract.spec.ts']),
      level('integration', ['test/**/*.integration.spec.ts']),
      level('e2e', ['test/**/*.e2e.spec.ts']),
      level('fault', ['test/**/*.fault.spec.ts'], 600_000),
      level('long', ['test/**/*.long.spec.ts'], 600_000),
    ],
  },
});
