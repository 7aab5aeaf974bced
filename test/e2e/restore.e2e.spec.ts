import { randomUUID } from 'node:crypto';
import { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { AppName } from '../../tools/apps/app-process';
import type { AppInstance } from '../support/apps/app-instance';
import { InProcessApp } from '../support/apps/in-process-app';
import { type RunningApps, startApps } from '../support/apps/running-apps';
import { runDbem } from '../support/cli/run-dbem';
import { request } from '../support/http/http';
import { administer, urlOf } from '../support/servers/template-databases';
import { waitFor } from '../support/waiting/wait-for';

const ADMIN_TOKEN = 'the-token-of-this-test';

/** The commands for backup and restore in docs/operations.md. A backup here is a clone of the whole database. */
describe('A database restored from a backup', () => {
  let apps: RunningApps;
  const backups: string[] = [];
  const restarted = new Map<AppName, AppInstance>();
  const pools: Pool[] = [];

  beforeAll(async () => {
    apps = await startApps(['profile', 'sharing'], { ADMIN_TOKEN });
  });

  afterAll(async () => {
    await Promise.all([...restarted.values()].map((app) => app.stop()));
    await apps?.stop();
    await Promise.all(pools.map((pool) => pool.end()));
    await administer(inject('postgresUrl'), async (client) => {
      for (const name of backups) await client.query(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`);
    });
  });

  /** Clones the database at `url`; the service must be stopped. @returns the backup's URL */
  async function backUp(url: string): Promise<string> {
    const name = `backup_${randomUUID().slice(0, 8)}`;
    const original = new URL(url).pathname.slice(1);
    backups.push(name);
    await administer(inject('postgresUrl'), async (client) => {
      await client.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [original]);
      await client.query(`CREATE DATABASE "${name}" TEMPLATE "${original}"`);
    });
    return urlOf(url, name);
  }

  const app = (name: AppName) => restarted.get(name) ?? apps.app(name);

  async function restart(name: 'profile' | 'sharing', databaseUrl: string): Promise<void> {
    const started = await InProcessApp.start(name, { ...apps.environmentOf(name), DATABASE_URL: databaseUrl });
    restarted.set(name, started);
    await started.waitUntilReady();
  }

  const details = (firstName: string) => ({ firstName, lastName: 'x', emails: [] });
  const create = (userId: string, firstName: string) =>
    request('POST', `${app('profile').url}/users`, { body: { userId, gatewayId: 'gw', ...details(firstName) } });

  function poolOf(connectionString: string): Pool {
    const pool = new Pool({ connectionString, max: 2 });
    pool.on('error', () => {
      // A backup ends the connections to the database.
    });
    pools.push(pool);
    return pool;
  }

  const namesIn = async (pool: Pool) =>
    (await pool.query('SELECT user_id, first_name FROM sharing_user ORDER BY 1')).rows.map(
      (row) => `${row.user_id} ${row.first_name}`,
    );

  const dbem = (...args: string[]) => runDbem(args, { DBEM_URL: app('event-manager').url, DBEM_TOKEN: ADMIN_TOKEN });

  const reconcile = (kind: 'audit' | 'repair') =>
    dbem('reconcile', 'start', 'user.profile', 'sharing', '--type', 'USER_PROFILE', '--kind', kind, '--wait');

  it('A publisher’s new changes are applied after a restore when its epoch was raised, and a repair removes its lost ones', async () => {
    const sharing = poolOf(apps.database('sharing').url);
    const original = apps.database('profile').url;
    await create('ada', 'first');
    await waitFor(async () => (await namesIn(sharing)).length === 1);
    await apps.app('profile').stop();
    const backup = await backUp(original);
    await restart('profile', original);
    await request('PUT', `${app('profile').url}/users/gw/ada`, { body: details('lost') });
    await create('grace', 'lost');
    await waitFor(async () => (await namesIn(sharing)).join() === 'ada@gw lost,grace@gw lost');
    await app('profile').stop();

    expect((await dbem('database', 'raise-epoch', '--database-url', backup)).code).toBe(0);
    await restart('profile', backup);
    const audit = await reconcile('audit');
    expect(audit.out).toMatch(/outcome +0 missing, 1 extra, 1 different/);
    expect(audit.code).toBe(1);
    const repair = await reconcile('repair');
    expect(repair.code, repair.out).toBe(0);
    await waitFor(async () => (await namesIn(sharing)).join() === 'ada@gw first');
    await create('alan', 'new');
    await waitFor(async () => (await namesIn(sharing)).join() === 'ada@gw first,alan@gw new');
  });

  it('A subscriber’s restored database gets its missing changes from a repair', async () => {
    const original = apps.database('sharing').url;
    await apps.app('sharing').stop();
    const backup = await backUp(original);
    await restart('sharing', original);
    await create('edsger', 'missed');
    const before = poolOf(original);
    await waitFor(async () => (await namesIn(before)).includes('edsger@gw missed'));
    await app('sharing').stop();

    await restart('sharing', backup);
    const restored = poolOf(backup);
    expect(await namesIn(restored)).not.toContain('edsger@gw missed');
    const repair = await reconcile('repair');
    expect(repair.code, repair.out).toBe(0);
    await waitFor(async () => (await namesIn(restored)).join() === 'ada@gw first,alan@gw new,edsger@gw missed');
    expect((await reconcile('audit')).out).toMatch(/outcome +equal/);
  });
});
