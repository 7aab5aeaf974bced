import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppProcess } from '../../tools/apps/app-process';
import { freePorts } from '../../tools/servers/ports';
import { PrivateProcess } from '../../tools/servers/private-process';
import {
  type FreshDatabase,
  type FreshVhost,
  type FreshZooKeeperRoot,
  freshDatabase,
  freshVhost,
  freshZooKeeperRoot,
  logFolder,
  request,
  waitFor,
} from '../support';

const TOKEN = 'a-token-of-the-tests-own';
const root = fileURLToPath(new URL('../..', import.meta.url));

describe('docs/how-to/add-a-service.md', () => {
  let vhost: FreshVhost;
  let zooKeeper: FreshZooKeeperRoot;
  let profileDatabase: FreshDatabase;
  let billingDatabase: FreshDatabase;
  let manager: AppProcess;
  let profile: AppProcess;
  let billing: PrivateProcess;

  beforeAll(async () => {
    [vhost, zooKeeper, profileDatabase, billingDatabase] = await Promise.all([
      freshVhost(),
      freshZooKeeperRoot(),
      freshDatabase(),
      freshDatabase(),
    ]);
    const { amqpUrl } = vhost;
    [manager, profile] = await Promise.all([
      AppProcess.start({
        app: 'event-manager',
        env: { AMQP_URL: amqpUrl, ZOOKEEPER_CONNECT: zooKeeper.connectString },
        logFolder,
      }),
      AppProcess.start({ app: 'profile', env: { AMQP_URL: amqpUrl, DATABASE_URL: profileDatabase.url }, logFolder }),
    ]);
  });

  afterAll(async () => {
    await billing?.stop();
    await Promise.all([manager?.stop(), profile?.stop()]);
    await Promise.all([vhost.drop(), zooKeeper.drop(), profileDatabase.drop(), billingDatabase.drop()]);
  });

  it('shows a program that runs as it stands, and replicates users', async () => {
    const text = readFileSync(`${root}docs/how-to/add-a-service.md`, 'utf8');
    const program = /```ts\n([\s\S]+?)```/.exec(text)?.[1] ?? '';
    const folder = `${root}.local/how-to`;
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
    execFileSync(process.execPath, [`${root}node_modules/typescript/bin/tsc`, '-p', folder], { stdio: 'pipe' });
    const [port] = (await freePorts(1)) as [number];
    billing = new PrivateProcess({
      name: 'billing',
      command: process.execPath,
      args: [`${folder}/dist/billing.js`],
      cwd: root,
      env: {
        PATH: process.env.PATH,
        AMQP_URL: vhost.amqpUrl,
        DATABASE_URL: billingDatabase.url,
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
    }, 60_000);

    await profile.waitUntilReady();
    const ada = { userId: 'ada', gatewayId: 'seagrid', firstName: 'Ada', lastName: 'Lovelace', emails: [] };
    await request('POST', `${profile.url}/users`, { body: ada });
    const { rows } = await waitFor(async () => {
      const result = await billingDatabase.pool.query('SELECT id, name FROM customer');
      return result.rows.length > 0 && result;
    });
    expect(rows).toEqual([{ id: 'ada@seagrid', name: 'Ada Lovelace' }]);
    await request('DELETE', `${profile.url}/users/seagrid/ada`);
    await waitFor(async () => (await billingDatabase.pool.query('SELECT FROM customer')).rows.length === 0);
  });
});
