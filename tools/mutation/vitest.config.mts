import { defineConfig } from 'vitest/config';
import base from '../../vitest.config.mts';

/** The unit specs of what `stryker.config.mjs` mutates, and no others. */
export default defineConfig({
  plugins: base.plugins,
  resolve: base.resolve,
  test: {
    // A mutant that makes a test wait for ever fails it soon.
    testTimeout: 10_000,
    include: [
      'libs/{db-event,routing,replica,outbox}/src/**/*.unit.spec.ts',
      'libs/platform/src/{pace,backoff,platform}*.unit.spec.ts',
    ],
  },
});
