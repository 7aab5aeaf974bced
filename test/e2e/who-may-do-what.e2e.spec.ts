import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROLES, type Role } from '../../apps/event-manager/src/access/role';
import { type AppName, AppProcess } from '../../tools/apps/app-process';
import { addTokens } from '../support/access/token-file';
import type { AppInstance } from '../support/apps/app-instance';
import { logFolder } from '../support/apps/log-folder';
import { type RunningApps, startApps } from '../support/apps/running-apps';
import { EventStreamReader } from '../support/http/event-stream';
import { request } from '../support/http/http';
import { type FreshDatabase, freshDatabase } from '../support/servers/fresh-database';

const SERVICE_TOKEN = 'the-token-of-the-services';
const METRICS_TOKEN = 'the-token-of-a-scraper';
const APPS = ['event-manager', 'profile', 'sharing', 'registry'] as const;

/** The event manager's operations that require no token. Add new operations of its OpenAPI document here or below. */
const OPEN = ['GET /health/live', 'GET /health/ready', 'GET /console/config.json'];

/** The minimum role of all other operations. */
const REQUIRED: Readonly<Record<string, Role>> = {
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
  'GET /admin/v1/deferred-events': 'viewer',
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
};

/** Operations whose responses do not end. */
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

/** The status of a request for a resource that does not exist: only the access check matters. */
async function statusOf(app: AppInstance, operation: string, token?: string): Promise<number> {
  const [method = '', path = ''] = operation.split(' ');
  const url = `${app.url}${path.replace(/\{\w+\}/g, 'nothing-such')}`;
  if (STREAMS.has(operation)) return EventStreamReader.statusOf(url, token);
  const isReading = method === 'GET' || method === 'DELETE';
  const options = { ...(token !== undefined && { token }), ...(!isReading && { body: { no: 'such field' } }) };
  return (await request(method, url, options)).status;
}

const isDenied = (status: number) => status === 401 || status === 403;

describe('Access', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dbem-who-'));
  let tokens: Readonly<Record<Role, string>>;
  let apps: RunningApps;
  let openDatabase: FreshDatabase;
  /** A service without a token. */
  let openService: AppInstance;

  beforeAll(async () => {
    const file = join(folder, 'tokens.json');
    tokens = await addTokens(file, ROLES);
    apps = await startApps(['profile', 'sharing', 'registry'], {
      ADMIN_TOKENS_FILE: file,
      SERVICE_TOKEN,
      METRICS_TOKEN,
    });
    openDatabase = await freshDatabase('registry');
    const env = { AMQP_URL: apps.vhost.amqpUrl, DATABASE_URL: openDatabase.url };
    // A separate process, because Nest's logger, which logs the warning, is global in a process.
    openService = await AppProcess.start({ app: 'registry', env, logFolder });
    await openService.waitUntilReady();
  });

  afterAll(async () => {
    await openService?.stop();
    await apps?.stop();
    await openDatabase?.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('Every operation in the event manager’s OpenAPI document is listed in this test', () => {
    expect(operationsOf('event-manager').sort()).toEqual([...OPEN, ...Object.keys(REQUIRED)].sort());
  });

  it.each(OPEN)('%s is allowed without a token and with any token', async (operation) => {
    for (const token of [undefined, SERVICE_TOKEN, METRICS_TOKEN]) {
      const status = await statusOf(apps.app('event-manager'), operation, token);
      expect(isDenied(status), `${status}`).toBe(false);
    }
  });

  it.each(Object.entries(REQUIRED))('%s requires the role %s', async (operation, needed) => {
    const manager = apps.app('event-manager');
    expect(await statusOf(manager, operation)).toBe(401);
    for (const stranger of [SERVICE_TOKEN, METRICS_TOKEN]) {
      expect(await statusOf(manager, operation, stranger)).toSatisfy(isDenied);
    }
    for (const role of ROLES) {
      const status = await statusOf(manager, operation, tokens[role]);
      if (ROLES.indexOf(role) < ROLES.indexOf(needed)) expect(status, role).toBe(403);
      else expect(isDenied(status), `${role}: ${status}`).toBe(false);
    }
  });

  it.each(['profile', 'sharing', 'registry'] as const)(
    '%s allows only health checks without its token',
    async (name) => {
      const app = apps.app(name);
      for (const operation of [...operationsOf(name), 'GET /api', 'GET /api-json', 'GET /api-yaml']) {
        const isOpen = operation.startsWith('GET /health/');
        for (const wrong of [undefined, tokens.admin, METRICS_TOKEN]) {
          const status = await statusOf(app, operation, wrong);
          expect(status === 401, `${operation}: ${status}`).toBe(!isOpen);
        }
        expect(isDenied(await statusOf(app, operation, SERVICE_TOKEN)), operation).toBe(false);
      }
    },
  );

  it('A service without a configured token allows all requests for its entities and denies all requests for its replication', async () => {
    for (const operation of operationsOf('registry')) {
      for (const token of [undefined, SERVICE_TOKEN]) {
        const status = await statusOf(openService, operation, token);
        expect(status === 403, `${operation}: ${status}`).toBe(operation.includes('/replication'));
      }
    }
    expect(openService.log).toContain('SERVICE_TOKEN is not set');
  });

  it.each(APPS)('%s returns its metrics only for the metrics token', async (name) => {
    const app = apps.app(name);
    for (const wrong of [undefined, tokens.admin, SERVICE_TOKEN]) {
      expect(await statusOf(app, 'GET /metrics', wrong)).toBe(401);
    }
    expect(await statusOf(app, 'GET /metrics', METRICS_TOKEN)).toBe(200);
  });

  it('A service without a configured metrics token denies all requests for its metrics', async () => {
    expect(await statusOf(openService, 'GET /metrics', METRICS_TOKEN)).toBe(403);
  });

  it('The event manager’s OpenAPI page requires a role', async () => {
    for (const path of ['/api', '/api-json', '/api-yaml']) {
      expect(await statusOf(apps.app('event-manager'), `GET ${path}`)).toBe(401);
      expect(await statusOf(apps.app('event-manager'), `GET ${path}`, tokens.viewer)).toBe(200);
    }
  });
});

describe('OpenAPI documents', () => {
  it.each(APPS)('%s has an OpenAPI document with a summary for each operation', (app) => {
    for (const [path, methods] of Object.entries(documentOf(app).paths)) {
      for (const [method, { summary }] of Object.entries(methods))
        expect(summary, `${method} ${path}`).toMatch(/^[A-Z]/);
    }
  });
});
