import { type AppName, AppProcess } from '../../../tools/apps/app-process';
import { type FreshDatabase, freshDatabase } from '../servers/fresh-database';
import { type FreshVhost, freshVhost } from '../servers/fresh-vhost';
import { type FreshZooKeeperRoot, freshZooKeeperRoot } from '../servers/fresh-zookeeper-root';
import { logFolder } from './log-folder';

export interface RunningApps {
  readonly vhost: FreshVhost;
  readonly root: FreshZooKeeperRoot;
  app(name: AppName): AppProcess;
  database(name: AppName): FreshDatabase;
  stop(): Promise<void>;
}

/** An event manager and the services named, as processes with servers of their own, all ready. */
export async function startApps(
  services: readonly Exclude<AppName, 'event-manager'>[],
  env: Readonly<Record<string, string>>,
): Promise<RunningApps> {
  const [vhost, root] = await Promise.all([freshVhost(), freshZooKeeperRoot()]);
  const databases = new Map<AppName, FreshDatabase>();
  const apps = new Map<AppName, AppProcess>();
  const start = async (app: AppName, own: Readonly<Record<string, string>>) => {
    apps.set(app, await AppProcess.start({ app, env: { AMQP_URL: vhost.amqpUrl, ...own, ...env }, logFolder }));
  };
  // Tests ask in a loop until what they wait for is there.
  await start('event-manager', { ZOOKEEPER_CONNECT: root.connectString, ADMIN_RATE_LIMIT: '100000' });
  for (const service of services) {
    const database = await freshDatabase();
    databases.set(service, database);
    await start(service, { DATABASE_URL: database.url });
  }
  await Promise.all([...apps.values()].map((app) => app.waitUntilReady()));
  return {
    vhost,
    root,
    app: (name) => entryOf(apps, name),
    database: (name) => entryOf(databases, name),
    stop: async () => {
      await Promise.all([...apps.values()].map((app) => app.stop()));
      await Promise.all([vhost.drop(), root.drop(), ...[...databases.values()].map((database) => database.drop())]);
    },
  };
}

function entryOf<Value>(entries: ReadonlyMap<AppName, Value>, name: AppName): Value {
  const entry = entries.get(name);
  if (entry === undefined) throw new Error(`${name} was not started`);
  return entry;
}
