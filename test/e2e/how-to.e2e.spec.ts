import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePorts } from '../../tools/servers/ports';
import { PrivateProcess } from '../../tools/servers/private-process';
import { logFolder } from '../support/apps/log-folder';
import { type RunningApps, startApps } from '../support/apps/running-apps';
import { request } from '../support/http/http';
import { type FreshDatabase, freshDatabase } from '../support/servers/fresh-database';
import { waitFor } from '../support/waiting/wait-for';

const TOKEN = 'a-token-of-the-tests-own';
const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = `${root}.local/how-to`;

describe('docs/how-to/add-a-service.md', () => {
  let apps: RunningApps;
  let database: FreshDatabase;
  let billing: PrivateProcess | undefined;

  beforeAll(async () => {
    [apps, database] = await Promise.all([startApps(['profile'], {}), freshDatabase()]);
  });

  afterAll(async () => {
    await billing?.stop();
    await apps?.stop();
    await database?.drop();
  });

  const customers = async () => (await database.pool.query('SELECT id, name FROM customer')).rows;

  it('The program in docs/how-to/add-a-service.md compiles and replicates users unchanged', async () => {
    const text = readFileSync(`${root}docs/how-to/add-a-service.md`, 'utf8');
    const program = /```ts\n([\s\S]+?)```/.exec(text)?.[1] ?? '';
    mkdirSync(folder, { recursive: true });
    writeFileSync(`${folder}/billing.ts`, program);
    writeFileSync(
      `${folder}/tsconfig.json`,
      JSON.stringify({
        extends: '../../tsconfig.base.json',
        compilerOptions: { rootDir: '.', outDir: 'dist', composite: false, incremental: false },
        files: ['billing.ts'],
      }),
    );
    await promisify(execFile)(process.execPath, [`${root}node_modules/typescript/bin/tsc`, '-p', folder]);
    const [port] = (await freePorts(1)) as [number];
    billing = new PrivateProcess({
      name: 'billing',
      command: process.execPath,
      args: [`${folder}/dist/billing.js`],
      cwd: root,
      env: {
        PATH: process.env.PATH,
        AMQP_URL: apps.vhost.amqpUrl,
        DATABASE_URL: database.url,
        SERVICE_PORT: String(port),
        SERVICE_TOKEN: TOKEN,
      },
      logFile: `${logFolder}/billing.log`,
    });
    billing.start();
    await billing.waitUntilReady(async () => {
      const { body } = await request<{ subscriptions: { status: string }[] }>(
        'GET',
        `http://127.0.0.1:${port}/replication`,
        { token: TOKEN },
      );
      if (body.subscriptions[0]?.status !== 'subscribed') throw new Error(JSON.stringify(body));
    }, 240_000);

    const users = `${apps.app('profile').url}/users`;
    const ada = { userId: 'ada', gatewayId: 'seagrid', firstName: 'Ada', lastName: 'Lovelace', emails: [] };
    expect((await request('POST', users, { body: ada })).status).toBe(201);
    await waitFor(async () => (await customers()).length > 0);
    expect(await customers()).toEqual([{ id: 'ada@seagrid', name: 'Ada Lovelace' }]);
    expect((await request('DELETE', `${users}/seagrid/ada`)).status).toBe(204);
    await waitFor(async () => (await customers()).length === 0);
  });
});
