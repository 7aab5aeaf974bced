import { INTAKE_EXCHANGE, INTAKE_KEY, INTAKE_QUEUE, MAX_BATCH_ELEMENTS, serviceQueueOf } from '@dbem/transport';
import { commentsFor, EVENT_BYTES, PUBLISHER } from '../drivers/users';
import type { WriteConfig } from '../drivers/write-changes';
import type { WriterConfig } from '../drivers/writer';
import type { ApplyFloorConfig } from '../floor/apply.floor';
import type { PublishFloorConfig } from '../floor/publish.floor';
import type { RouteFloorConfig } from '../floor/route.floor';
import type { Program } from '../harness/program';
import { seedProfile, seedReplica } from '../harness/seed-users';
import { until } from '../harness/until';
import type { World } from '../harness/world';
import { isPublished, migrate } from './publish.case';

export const REPLICAS = ['sharing', 'registry'] as const;

export interface WholeWork
  extends Partial<Pick<WriteConfig, 'rate' | 'perTransaction' | 'firstUser' | 'commitTimesFile'>> {
  readonly events: number;
  /** Change i changes user i modulo this. */
  readonly users: number;
  readonly writers: number;
}

/** Everything between a commit at profile and the rows in sharing and registry; started and idle. */
export interface WholePath {
  readonly writer: Program;
  readonly processes: Readonly<Record<string, readonly number[]>>;
}

export function writeConfigOf(world: World, work: WholeWork): WriteConfig {
  return {
    ...work,
    databaseUrl: world.urlOf('profile'),
    amqpUrl: world.amqpUrl,
    kind: 'update',
    comments: commentsFor(EVENT_BYTES),
  };
}

/** Starts our apps, with users that are already in all three databases. */
export async function startOurPath(
  world: World,
  work: WholeWork,
  protocol: WriterConfig['protocol'] = 'outbox',
): Promise<WholePath> {
  for (const service of ['profile', ...REPLICAS]) await world.createDatabase(service);
  const apps = await Promise.all(
    (['event-manager', 'profile', ...REPLICAS] as const).map((app) => world.startApp(app)),
  );
  for (const app of apps) await app.waitUntilReady();
  await untilBackfilled(world, apps[0]?.url as string);
  await seed(world, work.users);
  const [manager, relay, sharing, registry] = apps.map(({ pid }) => [pid]);
  const config: WriterConfig = { ...writeConfigOf(world, work), protocol };
  const writer = await world.startProgram('drivers/writer.ts', config);
  return {
    writer,
    processes: {
      relay: relay ?? [],
      manager: manager ?? [],
      sharing: sharing ?? [],
      registry: registry ?? [],
      writer: [writer.pid],
    },
  };
}

/** Waits for the replicas' initial backfills, which would otherwise send the seeded rows. */
async function untilBackfilled(world: World, managerUrl: string): Promise<void> {
  await until(
    async () => {
      const response = await fetch(`${managerUrl}/admin/v1/reconcile`, {
        headers: { authorization: `Bearer ${world.adminToken}` },
      });
      const { items } = (await response.json()) as { items: { publisher: string; state: string }[] };
      const runs = items.filter(({ publisher }) => publisher === PUBLISHER);
      return runs.length >= REPLICAS.length && runs.every(({ state }) => state === 'done');
    },
    { intervalMs: 100, what: 'the initial backfills to complete' },
  );
}

/** Starts the floors of publish, route and apply as one path. */
export async function startFloorPath(world: World, work: WholeWork): Promise<WholePath> {
  await migrateAll(world);
  await world.declare(REPLICAS);
  await seed(world, work.users);
  const routing: RouteFloorConfig = {
    amqpUrl: world.amqpUrl,
    source: INTAKE_QUEUE,
    destinations: REPLICAS.map(serviceQueueOf),
    prefetch: 1_000,
  };
  const publishing: PublishFloorConfig = {
    ...writeConfigOf(world, work),
    exchange: INTAKE_EXCHANGE,
    routingKey: INTAKE_KEY,
  };
  const route = await world.startProgram('floor/route.floor.ts', routing);
  const appliers = await Promise.all(
    REPLICAS.map((replica) => {
      const applying: ApplyFloorConfig = {
        amqpUrl: world.amqpUrl,
        databaseUrl: world.urlOf(replica),
        queue: serviceQueueOf(replica),
        replica,
        prefetch: 1_000,
        maxBatch: 500,
      };
      return world.startProgram('floor/apply.floor.ts', applying);
    }),
  );
  for (const program of [route, ...appliers]) program.go();
  const writer = await world.startProgram('floor/publish.floor.ts', publishing);
  const [sharing, registry] = appliers.map(({ pid }) => [pid]);
  return {
    writer,
    processes: { route: [route.pid], sharing: sharing ?? [], registry: registry ?? [], writer: [writer.pid] },
  };
}

export async function migrateAll(world: World): Promise<void> {
  for (const service of ['profile', ...REPLICAS]) await world.createDatabase(service);
  // A subscriber is ready only after an event manager has accepted its subscription.
  const apps = await Promise.all((['event-manager', ...REPLICAS] as const).map((app) => world.startApp(app)));
  for (const app of apps) await app.waitUntilReady();
  await Promise.all(apps.map((app) => app.stop()));
  await migrate(world);
  // The app may have published a heartbeat: it would stay in the outbox, or a floor would treat it as a user.
  await world.pool('profile').query('DELETE FROM db_event.outbox');
  await world.probe.purge(INTAKE_QUEUE);
}

async function seed(world: World, users: number): Promise<void> {
  await seedProfile(world, users, commentsFor(EVENT_BYTES));
  for (const service of REPLICAS) await seedReplica(world, service, users);
}

/** Whether the outbox and all queues are empty; does not count what an applier has received but not committed. */
export async function isDrained(world: World): Promise<boolean> {
  return (await isPublished(world)) && (await queuedOf(world)) === 0;
}

/** Number of events that wait in the broker, if each message were a full batch: an upper bound. */
export async function queuedOf(world: World): Promise<number> {
  const queues = [INTAKE_QUEUE, ...REPLICAS.map(serviceQueueOf)];
  const depths = await Promise.all(queues.map((queue) => world.probe.depth(queue)));
  return depths.reduce((sum, depth) => sum + depth, 0) * MAX_BATCH_ELEMENTS;
}

/** Number of changes in the outbox and events in the broker: an upper bound. */
export async function backlogOf(world: World): Promise<number> {
  const { rows } = await world.pool('profile').query('SELECT count(*)::int AS count FROM db_event.outbox');
  return rows[0].count + (await queuedOf(world));
}

/** Resolves when both replicas equal profile. */
export async function untilReplicated(world: World): Promise<void> {
  await until(() => isDrained(world), { intervalMs: 100, what: 'empty queues' });
  await untilEqual(world);
}

/** Resolves when both replicas equal profile; for a path with other queues than ours. */
export async function untilEqual(world: World): Promise<void> {
  const source = await digestOf(world, 'profile', `user_id || '@' || gateway_id`);
  const replicas = [
    ['sharing', 'user_id'],
    ['registry', `user_id || '@' || gateway_id`],
  ] as const;
  for (const [service, id] of replicas) {
    await until(async () => (await digestOf(world, service, id)) === source, {
      intervalMs: 100,
      what: `${service} to equal profile`,
    });
  }
}

async function digestOf(world: World, service: 'profile' | 'sharing' | 'registry', id: string): Promise<string> {
  const { rows } = await world
    .pool(service)
    .query(
      `SELECT count(*) || ' ' || bit_xor(hashtextextended(${id} || ' ' || first_name, 0)) AS digest FROM ${service}_user`,
    );
  return rows[0].digest;
}
