import { fileURLToPath } from 'node:url';
import swc from 'unplugin-swc';
import { defineConfig } from 'vitest/config';

const librarySource = fileURLToPath(new URL('./libs/$1/src/index.ts', import.meta.url));

/** Levels by suffix: `.unit.spec` beside the code needs nothing; the others get real servers from `test/support`. */
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
  resolve: { alias: [{ find: /^@dbem\/([^/]+)$/, replacement: librarySource }] },
  test: {
    testTimeout: 120_000,
    hookTimeout: 120_000,
    projects: [
      { extends: true, test: { name: 'unit', include: ['{apps,libs,tools}/**/*.unit.spec.ts'] } },
      {
        extends: true,
        test: {
          name: 'servers',
          include: ['test/{contract,integration}/**/*.spec.ts'],
          globalSetup: ['test/support/global-setup.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/{e2e,fault,console}/**/*.spec.ts'],
          globalSetup: ['test/support/global-setup.ts'],
          fileParallelism: false,
          // CI's machines are shared: a process that is late once is late; one that fails twice is broken. The report says who was tried twice.
          retry: process.env.CI ? 1 : 0,
        },
      },
    ],
  },
});
