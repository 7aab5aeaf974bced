import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawToken, hashOf } from '../../apps/event-manager/src/admin/access/token-hash';
import { type AppName, AppProcess } from '../../tools/apps/app-process';
import { writeTokenEntries } from '../../tools/tokens/token-entries';
import { type FreshDatabase, freshDatabase, logFolder, request } from '../support';
import type { AppInstance } from '../support/apps/app-instance';
import { type RunningApps, startApps } from '../support/apps/running-apps';
import { EventStreamReader } from '../support/http/event-stream';

const SERVICE_TOKEN = 'the-token-of-the-services';
const METRICS_TOKEN = 'the-token-of-a-scraper';
const ROLES = ['viewer', 'operator', 'admin'] as const;
type Role = (typeof ROLES)[number];

/** Who may do what with the event manager. What is new in its OpenAPI document must be put here. */
const MANAGER: Readonly<Record<string, Role | 'everybody'>> = {
  'GET /health/live': 'everybody',
  'GET /health/ready': 'everybody',
  'GET /admin/v1/subscriptions': 'viewer',
  'PUT /admin/v1/subscriptions/{publisher}/{subscriber}': 'operator',
  'DELETE /admin/v1/subscriptions/{publisher}/{subscriber}': 'operator',
  'POST /admin/v1/subscriptions/{publisher}/{subscriber}/pause': 'operator',
  'POST /admin/v1/subscriptions/{publisher}/{subscriber}/resume': 'operator',
  'GET /admin/v1/subscriptions/{publisher}/{subscriber}/receipt': 'viewer',
  'GET /admin/v1/reconcile': 'viewer',
  'POST /admin/v1/reconcile': 'operator',
  'GET /admin/v1/reconcile/{id}': 'viewer',
  'POST /admin/v1/reconcile/{id}/pause': 'operator',
  'POST /admin/v1/reconcile/{id}/resume': 'operator',
  'POST /admin/v1/reconcile/{id}/cancel': 'operator',
  'GET /admin/v1/reconcile-schedules': 'viewer',
  'PUT /admin/v1/reconcile-schedules/{publisher}/{subscriber}/{entityType}': 'operator',
  'DELETE /admin/v1/reconcile-schedules/{publisher}/{subscriber}/{entityType}': 'operator',
  'GET /admin/v1/services': 'viewer',
  'PUT /admin/v1/services/{service}/broker-user': 'admin',
  'DELETE /admin/v1/services/{service}/broker-user': 'admin',
  'GET /admin/v1/parked': 'viewer',
  'GET /admin/v1/parked/{service}/{id}': 'viewer',
  'POST /admin/v1/parked/{service}/redrive': 'operator',
  'POST /admin/v1/parked/{service}/{id}/redrive': 'operator',
  'POST /admin/v1/parked/{service}/{id}/discard': 'operator',
  'GET /admin/v1/held': 'viewer',
  'GET /admin/v1/entities/{publisher}/{entityType}/{entityId}': 'viewer',
  'GET /admin/v1/members': 'viewer',
  'GET /admin/v1/identity': 'viewer',
  'GET /admin/v1/audit': 'viewer',
  'GET /admin/v1/schemas': 'viewer',
  'GET /admin/v1/schemas/{publisher}/{entityType}/{version}': 'viewer',
  'PUT /admin/v1/schemas/{publisher}/{entityType}': 'operator',
  'POST /admin/v1/contract-checks': 'viewer',
  'GET /admin/v1/topology': 'viewer',
  'GET /admin/v1/live': 'viewer',
  'GET /admin/v1/flow': 'viewer',
  'GET /admin/v1/events/tail': 'viewer',
  'GET /admin/v1/cluster': 'viewer',
  'GET /admin/v1/me': 'viewer',
  'GET /console/config.json': 'everybody',
};

/** Their answers have no end. */
const STREAMS: ReadonlySet<string> = new Set(['GET /admin/v1/live', 'GET /admin/v1/events/tail']);

interface OpenApi {
  readonly paths: Record<string, Record<string, { summary?: string }>>;
}

const documentOf = (app: AppName): OpenApi =>
  JSON.parse(readFileSync(fileURLToPath(new URL(`../../docs/openapi/${app}.json`, import.meta.url)), 'utf8'));

function operationsOf(app: AppName): string[] {
  return Object.entries(documentOf(app).paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
}

/** A request that means nothing real: whether it is let in is all that is asked. */
async function statusOf(app: AppInstance, operation: string, token?: string): Promise<number> {
  const [method = '', path = ''] = operation.split(' ');
  const url = `${app.url}${path.replace(/\{\w+\}/g, 'nothing-such')}`;
  if (STREAMS.has(operation)) return statusOfStream(url, token);
  const isReading = method === 'GET' || method === 'DELETE';
  const options = { ...(token !== undefined && { token }), ...(!isReading && { body: { no: 'such field' } }) };
  return (await request(method, url, options)).status;
}

async function statusOfStream(url: string, token?: string): Promise<number> {
  const stream = await EventStreamReader.open(url, token);
  stream.close();
  return stream.response.status;
}

const isShutOut = (status: number) => status === 401 || status === 403;

describe('who may do what', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dbem-who-'));
  const tokens: Record<string, string> = {};
  let apps: RunningApps;
  let openDatabase: FreshDatabase;
  /** A service without a token. */
  let untold: AppInstance;

  beforeAll(async () => {
    const file = join(folder, 'tokens.json');
    for (const role of ROLES) tokens[role] = drawToken();
    writeTokenEntries(
      file,
      ROLES.map((role) => ({
        name: `the ${role}`,
        role,
        sha256: hashOf(tokens[role] ?? '').toString('hex'),
        createdAt: new Date().toISOString(),
      })),
    );
    apps = await startApps(['profile', 'sharing', 'registry'], {
      ADMIN_TOKENS_FILE: file,
      ADMIN_RATE_LIMIT: '100000',
      SERVICE_TOKEN,
      METRICS_TOKEN,
    });
    openDatabase = await freshDatabase();
    const env = { AMQP_URL: apps.vhost.amqpUrl, DATABASE_URL: openDatabase.url };
    // A process of its own: Nest's own logger, which warns, is one for the whole process.
    untold = await AppProcess.start({ app: 'registry', env, logFolder });
    await untold.waitUntilReady();
  }, 180_000);

  afterAll(async () => {
    await untold?.stop();
    await apps?.stop();
    await openDatabase?.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('with the event manager is said here of every operation of its document', () => {
    expect(operationsOf('event-manager').sort()).toEqual(Object.keys(MANAGER).sort());
  });

  it.each(Object.entries(MANAGER))('%s: %s', async (operation, needed) => {
    const manager = apps.app('event-manager');
    const isOpen = needed === 'everybody';
    expect(await statusOf(manager, operation)).toSatisfy((status: number) =>
      isOpen ? !isShutOut(status) : status === 401,
    );
    for (const stranger of [SERVICE_TOKEN, METRICS_TOKEN]) {
      expect(isShutOut(await statusOf(manager, operation, stranger))).toBe(!isOpen);
    }
    if (isOpen) return;
    for (const role of ROLES) {
      const status = await statusOf(manager, operation, tokens[role]);
      if (ROLES.indexOf(role) < ROLES.indexOf(needed)) expect(status, role).toBe(403);
      else expect(isShutOut(status), `${role}: ${status}`).toBe(false);
    }
  });

  describe.each(['profile', 'sharing', 'registry'] as const)('with %s', (name) => {
    it('only who has its token does anything but ask for its health', async () => {
      const app = apps.app(name);
      for (const operation of [...operationsOf(name), 'GET /api', 'GET /api-json', 'GET /api-yaml']) {
        const isOpen = operation.startsWith('GET /health/');
        for (const wrong of [undefined, tokens.admin, METRICS_TOKEN]) {
          const status = await statusOf(app, operation, wrong);
          expect(status === 401, `${operation}: ${status}`).toBe(!isOpen);
        }
        expect(isShutOut(await statusOf(app, operation, SERVICE_TOKEN)), operation).toBe(false);
      }
    });
  });

  it('with a service that has no token, everybody reads and writes its entities, and nobody its replication', async () => {
    for (const operation of operationsOf('registry')) {
      for (const token of [undefined, SERVICE_TOKEN]) {
        const status = await statusOf(untold, operation, token);
        expect(status === 403, `${operation}: ${status}`).toBe(operation.includes('/replication'));
      }
    }
    expect(untold.log).toContain('SERVICE_TOKEN is not set');
  });

  it.each(['event-manager', 'profile', 'sharing', 'registry'] as const)(
    'with %s’s metrics: only a scraper, and only with its own token',
    async (name) => {
      const app = apps.app(name);
      for (const wrong of [undefined, tokens.admin, SERVICE_TOKEN]) {
        expect(await statusOf(app, 'GET /metrics', wrong)).toBe(401);
      }
      expect(await statusOf(app, 'GET /metrics', METRICS_TOKEN)).toBe(200);
      expect(await statusOf(untold, 'GET /metrics', METRICS_TOKEN)).toBe(403);
    },
  );

  it('with the event manager’s OpenAPI page: who has a role', async () => {
    for (const path of ['/api', '/api-json', '/api-yaml']) {
      expect(await statusOf(apps.app('event-manager'), `GET ${path}`)).toBe(401);
      expect(await statusOf(apps.app('event-manager'), `GET ${path}`, tokens.viewer)).toBe(200);
    }
  });
});

describe('the OpenAPI documents', () => {
  it.each(['event-manager', 'profile', 'sharing', 'registry'] as const)(
    'of %s say of every operation what it does',
    (app) => {
      for (const [path, methods] of Object.entries(documentOf(app).paths)) {
        for (const [method, { summary }] of Object.entries(methods))
          expect(summary, `${method} ${path}`).toMatch(/^[A-Z]/);
      }
    },
  );
});
