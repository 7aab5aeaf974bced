import { fileURLToPath } from 'node:url';

/** The core's logic that needs no server: what runs on a database or a broker has integration tests, and would survive here. */
const MUTATED = [
  'libs/db-event/src/**/*.ts',
  'libs/routing/src/**/*.ts',
  'libs/runtime/src/waiting/{backoff,pace,periodic-task}.ts',
  'libs/replica/src/postgres/version-gate.ts',
  'libs/replica/src/applier/{apply-events,classify-failure,turns}.ts',
  'libs/replica/src/events/decoded-event.ts',
  'libs/replica/src/causality/{admit-events,dependency-states,deferred-event,resolve-dependencies}.ts',
  'libs/replica/src/rehearsal/standings.ts',
  'libs/replica/src/sweep/reject-behind-horizon.ts',
  'libs/replica/src/waiting/{applied-notification,waiting-readers}.ts',
  'libs/outbox/src/{change,change-publisher.port,published-changes}.ts',
  'libs/outbox/src/*-change-publisher.ts',
  'libs/outbox/src/{http,in-memory,relay}/*.ts',
  'libs/outbox/src/heartbeat/heartbeat.ts',
  'libs/outbox/src/metrics/{outbox-status,published-counts,relay-metrics}.ts',
  'libs/outbox/src/postgres/{dependencies-column,note-changes,postgres-outbox-store,queryable-of,versions}.ts',
  'libs/outbox/src/reconcile/{go-past,source-relation}.ts',
  '!**/index.ts',
  '!**/*.spec.ts',
];

const LOCAL = '.local/mutation';

/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
  mutate: MUTATED,
  testRunner: 'vitest',
  vitest: { configFile: 'tools/mutation/vitest.config.mts' },
  plugins: ['@stryker-mutator/vitest-runner', fileURLToPath(new URL('ignorers.mjs', import.meta.url))],
  ignorers: ['sql', 'log-lines', 'checkpoints', 'metric-descriptions'],
  concurrency: 1,
  thresholds: { high: 95, low: 90, break: 85 },
  // On a busy machine a slow test is no endless loop.
  timeoutMS: 30_000,
  // What the specs need, and not the whole repository.
  ignorePatterns: [
    '/*',
    '!/libs',
    '!/test',
    '!/tools',
    '!/vitest.config.mts',
    '!/package.json',
    '!/tsconfig*.json',
    'dist',
  ],
  tempDirName: `${LOCAL}/sandboxes`,
  reporters: ['clear-text', 'progress-append-only', 'html', 'json'],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false, reportScoreTable: false },
  htmlReporter: { fileName: `${LOCAL}/report.html` },
  jsonReporter: { fileName: `${LOCAL}/report.json` },
  allowConsoleColors: false,
  warnings: { slow: false },
};
