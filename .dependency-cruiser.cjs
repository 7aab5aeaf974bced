// Allowed dependencies between folders: apps use libraries; a library uses those in its row; nothing imports an app.
const libraryArrows = {
  'db-event': [],
  'entity-codec': ['db-event'],
  contract: ['db-event', 'entity-codec'],
  http: [],
  runtime: [],
  telemetry: ['db-event', 'http', 'runtime'],
  postgres: ['db-event', 'runtime', 'telemetry'],
  transport: ['db-event', 'runtime', 'telemetry'],
  zookeeper: ['db-event', 'runtime'],
  reconcile: ['db-event', 'runtime', 'transport', 'zookeeper'],
  'subscription-registry': ['db-event', 'runtime', 'transport', 'zookeeper'],
  observation: ['contract', 'db-event', 'reconcile', 'runtime', 'subscription-registry', 'telemetry', 'transport'],
  outbox: ['db-event', 'entity-codec', 'postgres', 'reconcile', 'runtime', 'telemetry', 'transport'],
  replica: ['db-event', 'entity-codec', 'http', 'postgres', 'reconcile', 'runtime', 'telemetry', 'transport'],
  routing: ['db-event'],
  'service-kit': ['db-event', 'http', 'postgres', 'runtime', 'telemetry', 'transport'],
};

const arrowRules = Object.entries(libraryArrows).map(([library, allowed]) => ({
  name: `arrows-of-${library}`,
  comment: `libs/${library} may use only: ${allowed.join(', ') || 'no other library'}`,
  severity: 'error',
  from: { path: `^libs/${library}/src`, pathNot: '\\.spec\\.ts$' },
  to: { path: '^libs/', pathNot: [`^libs/${library}/`, ...allowed.map((name) => `^libs/${name}/`)] },
}));

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-app-imports-an-app',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'the-console-imports-nothing-of-the-servers',
      comment: 'It depends on the admin API only, through its OpenAPI document.',
      severity: 'error',
      from: { path: '^apps/console/' },
      to: { path: '^(libs|demo|test|tools|apps/(?!console/))' },
    },
    {
      name: 'libraries-import-no-app',
      severity: 'error',
      from: { path: '^libs/' },
      to: { path: '^(apps|demo|tools)/' },
    },
    {
      name: 'only-controllers-import-dtos',
      comment: 'DTOs belong to controllers; domain code does not depend on them.',
      severity: 'error',
      from: { path: '^apps/event-manager/src/', pathNot: '\\.(controller|dto|spec)\\.ts$' },
      to: { path: '^apps/event-manager/src/.*\\.dto\\.ts$' },
    },
    {
      name: 'libraries-are-entered-by-their-index',
      severity: 'error',
      from: { path: '^(apps|demo|test)/' },
      to: {
        path: '^libs/[^/]+/(src|dist)/',
        pathNot: '^libs/[^/]+/(src|dist)/(index|testing|golevelup/index)\\.(ts|js|d\\.ts)$',
      },
    },
    {
      name: 'production-code-imports-no-test',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: ['\\.spec\\.ts$', '/spec-support/'] },
      to: { path: ['^test/', '\\.spec\\.ts$', '/spec-support/'] },
    },
    {
      name: 'tools-import-no-demo',
      comment: 'Code that both the demo and the tests use is a tool.',
      severity: 'error',
      from: { path: '^tools/' },
      to: { path: '^demo/' },
    },
    {
      name: 'golevelup-stays-in-its-entry-point',
      comment: 'It is an optional peer: a service without it must be able to load every library.',
      severity: 'error',
      from: { path: '^libs/', pathNot: '^libs/transport/src/golevelup/' },
      to: { path: ['@golevelup/', '^libs/transport/(src|dist)/golevelup/'] },
    },
    ...arrowRules,
  ],
  options: {
    doNotFollow: { path: ['node_modules', 'dist'] },
    exclude: { path: ['dist/', 'generated/'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.tests.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
