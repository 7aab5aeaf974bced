import { MAX_BATCH_ELEMENTS, serviceQueueOf } from '@dbem/transport';
import { commentsFor, EVENT_BYTES, eventOf, userOf } from '../drivers/users';
import type { ApplyFloorConfig } from '../floor/apply.floor';
import { Meter } from '../harness/meter';
import { until } from '../harness/until';
import type { World } from '../harness/world';
import type { Sample } from '../report/sample';
import type { BenchCase } from './bench-case';

const SERVICE = 'sharing';

/** Lets the app create the replica's tables and subscribe at an event manager, and stops both. */
async function prepare(world: World): Promise<void> {
  await world.createDatabase(SERVICE);
  const app = await world.startApp(SERVICE);
  const manager = await world.startApp('event-manager');
  await app.waitUntilReady();
  await app.stop();
  await manager.stop();
}

async function measureApplying(world: World, events: number, own: Record<string, readonly number[]>): Promise<Sample> {
  const queue = serviceQueueOf(SERVICE);
  await until(async () => (await world.probe.depth(queue)) < events / MAX_BATCH_ELEMENTS, {
    intervalMs: 2,
    what: 'the first delivery',
  });
  const meter = new Meter(world.processes(own));
  await until(async () => (await world.probe.depth(queue)) === 0, { what: 'an empty queue' });
  const pool = world.pool(SERVICE);
  const isComplete = async () => {
    const { rows } = await pool.query('SELECT count(*)::int AS count FROM sharing_user');
    return rows[0].count === events;
  };
  await until(isComplete, { what: 'all rows' });
  const { seconds, usage } = meter.finish(events);
  return { eventsPerSecond: events / seconds, usage };
}

async function fill(world: World, events: number): Promise<void> {
  const comments = commentsFor(EVENT_BYTES);
  const bodyOf = (index: number) => eventOf(userOf(index, 1, comments), index + 1);
  await world.probe.fillBatches(serviceQueueOf(SERVICE), events, bodyOf, MAX_BATCH_ELEMENTS);
}

export async function applyByApp(world: World, events: number, instances = 1): Promise<Sample> {
  await prepare(world);
  await fill(world, events);
  const apps = await Promise.all(Array.from({ length: instances }, () => world.startApp(SERVICE)));
  return measureApplying(world, events, { applier: apps.map(({ pid }) => pid) });
}

export async function applyByFloor(world: World, events: number, instances = 1, maxBatch = 500): Promise<Sample> {
  await prepare(world);
  await fill(world, events);
  const config: ApplyFloorConfig = {
    amqpUrl: world.amqpUrl,
    databaseUrl: world.urlOf(SERVICE),
    queue: serviceQueueOf(SERVICE),
    replica: SERVICE,
    prefetch: Math.ceil((maxBatch * 2) / MAX_BATCH_ELEMENTS),
    maxBatch,
  };
  const floors = await Promise.all(
    Array.from({ length: instances }, () => world.startProgram('floor/apply.floor.ts', config)),
  );
  for (const floor of floors) floor.go();
  return measureApplying(world, events, { floor: floors.map(({ pid }) => pid) });
}

export const applyCase: BenchCase = {
  name: 'apply',
  goal: { rate: 0.8 },
  variants: ({ events = 100_000 }) => [
    { point: '', side: 'ours', run: (world) => applyByApp(world, events) },
    { point: '', side: 'floor', run: (world) => applyByFloor(world, events) },
    { point: '', side: 'floor, batches of 1,000', run: (world) => applyByFloor(world, events, 1, 1_000) },
  ],
};
