import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { serviceQueueOf } from '@dbem/transport';
import { Meter } from '../harness/meter';
import type { Program } from '../harness/program';
import { seedProfile, seedReplica } from '../harness/seed-users';
import type { World } from '../harness/world';
import type { Sample } from '../report/sample';
import type { BenchCase, Variant } from './bench-case';
import { migrateAll, REPLICAS, startOurPath, untilEqual, type WholeWork, writeConfigOf } from './whole-path';

const FOLDER = fileURLToPath(new URL('../peers', import.meta.url));
const EXCHANGE = 'bench.peers';

/** Installs the peers' packages, which only this case needs. */
function install(): void {
  if (existsSync(`${FOLDER}/node_modules/pg-transactional-outbox`)) return;
  const env = Object.fromEntries(Object.entries(process.env).filter(([key]) => !key.startsWith('npm_')));
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: FOLDER, stdio: 'inherit', env });
  if (status !== 0) throw new Error('npm ci failed in test/bench/peers');
}

async function measure(
  world: World,
  work: WholeWork,
  writer: Program,
  own: Record<string, readonly number[]>,
): Promise<Sample> {
  const meter = new Meter(world.processes({ ...own, writer: [writer.pid] }));
  writer.go();
  await writer.done;
  await untilEqual(world);
  const { seconds, usage } = meter.finish(work.events);
  return { eventsPerSecond: work.events / seconds, usage };
}

/** Fills the databases of the whole path, and declares a queue for each replica. */
async function prepare(world: World, work: WholeWork): Promise<void> {
  install();
  await migrateAll(world);
  await seedProfile(world, work.users, '');
  for (const service of REPLICAS) await seedReplica(world, service, work.users);
  await world.declare(REPLICAS);
  await world.probe.bindFanOut(EXCHANGE, REPLICAS.map(serviceQueueOf));
}

function startConsumers(world: World, file: string): Promise<Program[]> {
  return Promise.all(
    REPLICAS.map(async (replica) => {
      const consumer = await world.startProgram(file, {
        amqpUrl: world.amqpUrl,
        databaseUrl: world.urlOf(replica),
        queue: serviceQueueOf(replica),
        replica,
      });
      consumer.go();
      return consumer;
    }),
  );
}

async function byTransactionalOutbox(
  world: World,
  work: WholeWork,
  listener: 'polling' | 'replication',
): Promise<Sample> {
  await prepare(world, work);
  const names = { slot: world.name.replaceAll('-', '_'), publication: 'bench_peers' };
  await createOutbox(world, names);
  const consumers = await startConsumers(world, 'peers/consumer.mjs');
  const config = { ...writeConfigOf(world, work), ...names, exchange: EXCHANGE, listener };
  const relay = await world.startProgram('peers/outbox-listener.mjs', config);
  relay.go();
  const writer = await world.startProgram('peers/outbox-writer.mjs', config);
  const sample = await measure(world, work, writer, { relay: [relay.pid], consumers: consumers.map(({ pid }) => pid) });
  await relay.stop();
  await world.pool('profile').query('SELECT pg_drop_replication_slot($1)', [names.slot]);
  return sample;
}

async function createOutbox(world: World, names: { slot: string; publication: string }): Promise<void> {
  const { stdout, stderr } = spawnSync(process.execPath, ['outbox-tables.mjs', JSON.stringify(names)], {
    cwd: FOLDER,
    encoding: 'utf8',
  });
  if (stdout === '') throw new Error(stderr);
  const { tables, slot }: { tables: string[]; slot: string } = JSON.parse(stdout);
  const pool = world.pool('profile');
  for (const sql of tables) await pool.query(sql);
  await pool.query(slot);
}

async function byNestMicroservices(world: World, work: WholeWork): Promise<Sample> {
  await prepare(world, work);
  const consumers = await startConsumers(world, 'peers/nest-consumer.mjs');
  const writer = await world.startProgram('peers/nest-writer.mjs', {
    ...writeConfigOf(world, work),
    queues: REPLICAS.map(serviceQueueOf),
  });
  return measure(world, work, writer, { consumers: consumers.map(({ pid }) => pid) });
}

/** The same work by other libraries. */
export function byPeers(work: WholeWork): Variant[] {
  return [
    {
      point: '',
      side: 'pg-transactional-outbox, polling',
      run: (world) => byTransactionalOutbox(world, work, 'polling'),
    },
    {
      point: '',
      side: 'pg-transactional-outbox, replication',
      run: (world) => byTransactionalOutbox(world, work, 'replication'),
    },
    { point: '', side: '@nestjs/microservices', run: (world) => byNestMicroservices(world, work) },
  ];
}

async function byOurs(world: World, work: WholeWork): Promise<Sample> {
  const { writer, processes } = await startOurPath(world, work);
  return measure(world, work, writer, processes);
}

export const peersCase: BenchCase = {
  name: 'peers',
  goal: { other: 'ours ≥ 5 × each' },
  variants({ events = 20_000 }) {
    const work: WholeWork = { events, users: events, writers: 10 };
    return [{ point: '', side: 'ours', run: (world) => byOurs(world, work) }, ...byPeers(work)];
  },
};
