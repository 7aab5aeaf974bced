import { type AppName, AppProcess } from '../../../tools/apps/app-process';
import { waitUntilBackfilled } from '../reconcile/history';
import { type FreshDatabase, freshDatabase } from '../servers/fresh-database';
import { type FreshVhost, freshVhost } from '../servers/fresh-vhost';
import { type FreshZooKeeperRoot, freshZooKeeperRoot } from '../servers/fresh-zookeeper-root';
import type { AppInstance } from './app-instance';
import { InProcessApp } from './in-process-app';
import { logFolder } from './log-folder';

type ServiceApp = Exclude<AppName, 'event-manager'>;
type Environment = Readonly<Record<string, string>>;

export interface RunningAppsOptions {
  /** Apps that run in separate processes, because the test kills them or checks their process. Default: none. */
  readonly asProcesses?: readonly AppName[];
}

export interface RunningApps {
  readonly vhost: FreshVhost;
  readonly root: FreshZooKeeperRoot;
  app(name: AppName): AppInstance;
  /** @throws Error unless the app is one of `asProcesses`. */
  process(name: AppName): AppProcess;
  database(name: ServiceApp): FreshDatabase;
  /** The environment with which another instance of the app uses the same servers. */
  environmentOf(name: AppName): Environment;
  stop(): Promise<void>;
}

/** The admin token of managers whose environment sets none. */
const ADMIN_TOKEN = 'the-admin-token-of-the-running-apps';

/**
 * An event manager and the given services, with their own vhost, ZooKeeper root and databases. Resolves when all are
 * ready and the initial backfills are complete.
 */
export async function startApps(
  services: readonly ServiceApp[],
  env: Environment,
  { asProcesses = [] }: RunningAppsOptions = {},
): Promise<RunningApps> {
  const [vhost, root, ...databases] = await Promise.all([
    freshVhost(),
    freshZooKeeperRoot(),
    ...services.map(async (service) => [service, await freshDatabase(service)] as const),
  ]);
  const databaseOf = new Map(databases);
  const apps = new Map<AppName, AppInstance>();
  const database = (name: ServiceApp) => entryOf(databaseOf, name);
  const environmentOf = (name: AppName): Environment => ({
    AMQP_URL: vhost.amqpUrl,
    // Tests poll the admin API.
    ...(name === 'event-manager'
      ? { ZOOKEEPER_CONNECT: root.connectString, ADMIN_TOKEN, ADMIN_RATE_LIMIT: '100000' }
      : { DATABASE_URL: database(name).url }),
    ...env,
  });
  const start = async (app: AppName) => {
    const started = asProcesses.includes(app)
      ? AppProcess.start({ app, env: environmentOf(app), logFolder })
      : InProcessApp.start(app, environmentOf(app));
    apps.set(app, await started);
  };
  await start('event-manager');
  await Promise.all(services.map(start));
  await Promise.all([...apps.values()].map((app) => app.waitUntilReady()));
  await waitUntilBackfilled(entryOf(apps, 'event-manager').url, env['ADMIN_TOKEN'] ?? ADMIN_TOKEN, services);
  return {
    vhost,
    root,
    app: (name) => entryOf(apps, name),
    process: (name) => {
      const app = entryOf(apps, name);
      if (!(app instanceof AppProcess))
        throw new Error(`${name} does not run in a separate process: add it to asProcesses`);
      return app;
    },
    database,
    environmentOf,
    stop: async () => {
      await Promise.all([...apps.values()].map((app) => app.stop()));
      await Promise.all([vhost.drop(), root.drop(), ...[...databaseOf.values()].map((one) => one.drop())]);
    },
  };
}

function entryOf<Name, Value>(entries: ReadonlyMap<Name, Value>, name: Name): Value {
  const entry = entries.get(name);
  if (entry === undefined) throw new Error(`${String(name)} was not started`);
  return entry;
}
