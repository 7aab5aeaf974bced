import { fileURLToPath } from 'node:url';

/**
 * Core logic that unit specs test. Code that runs on a database or broker has integration tests: its mutants would
 * survive here.
 */
const MUTATED = [
  'libs/db-event/src/**/*.ts',
  'libs/routing/src/**/*.ts',
  'libs/runtime/src/waiting/{backoff,linger,periodic-task}.ts',
  'libs/replica/src/postgres/version-gate.ts',
  'libs/replica/src/applier/{apply-events,classify-failure,read-write-lock}.ts',
  'libs/replica/src/events/decoded-event.ts',
  'libs/replica/src/causality/{admit-events,dependency-states,deferred-event,resolve-dependencies}.ts',
  'libs/replica/src/dry-run/check-gate.ts',
  'libs/replica/src/sweep/reject-behind-horizon.ts',
  'libs/replica/src/waiting/{applied-notification,waiting-readers}.ts',
  'libs/outbox/src/{change,change-publisher.port,published-changes}.ts',
  'libs/outbox/src/*-change-publisher.ts',
  'libs/outbox/src/{http,in-memory,relay}/*.ts',
  'libs/outbox/src/heartbeat/heartbeat.ts',
  'libs/outbox/src/metrics/{outbox-status,published-counts,relay-metrics}.ts',
  'libs/outbox/src/postgres/{dependencies-column,postgres-outbox-store,queryable-of,record-changes,versions}.ts',
  'libs/outbox/src/reconcile/{advance-past,source-relation}.ts',
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
  // Generous, so that a slow test on a busy machine does not count as an endless loop.
  timeoutMS: 30_000,
  // The sandbox contains only what the specs need.
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
