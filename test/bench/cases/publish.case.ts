import { INTAKE_EXCHANGE, INTAKE_KEY } from '@dbem/transport';
import { commentsFor, EVENT_BYTES } from '../drivers/users';
import type { WriteConfig } from '../drivers/write-changes';
import type { WriterConfig } from '../drivers/writer';
import type { PublishFloorConfig } from '../floor/publish.floor';
import { Meter } from '../harness/meter';
import type { Program } from '../harness/program';
import { until } from '../harness/until';
import type { World } from '../harness/world';
import type { Sample } from '../report/sample';
import type { BenchCase, Variant } from './bench-case';

const SERVICE = 'profile';

function writeConfig(world: World, writers: number, events: number): WriteConfig {
  return {
    databaseUrl: world.urlOf(SERVICE),
    amqpUrl: world.amqpUrl,
    writers,
    events,
    kind: 'insert',
    users: events,
    comments: commentsFor(EVENT_BYTES),
  };
}

/** Measures from the first transaction to the confirm of the last event. */
async function measurePublishing(
  world: World,
  writer: Program,
  events: number,
  own: Record<string, readonly number[]>,
): Promise<Sample> {
  const meter = new Meter(world.processes(own));
  writer.go();
  const { transactionP50Ms = Number.NaN } = await writer.done;
  // The floor has no outbox: its confirms are in its own time.
  await until(() => isPublished(world), { intervalMs: 10, what: 'an empty outbox' });
  const { seconds, usage } = meter.finish(events);
  return { eventsPerSecond: events / seconds, usage, figures: { transactionP50Ms } };
}

/** Whether the outbox is empty. Uses the index: the table itself is large after many deletions. */
export async function isPublished(world: World): Promise<boolean> {
  const { rowCount } = await world.pool(SERVICE).query('SELECT version FROM db_event.outbox ORDER BY version LIMIT 1');
  return rowCount === 0;
}

async function publishThroughOutbox(world: World, writers: number, events: number): Promise<Sample> {
  await world.createDatabase(SERVICE);
  const app = await world.startApp(SERVICE);
  await app.waitUntilReady();
  const config: WriterConfig = { ...writeConfig(world, writers, events), protocol: 'outbox' };
  const writer = await world.startProgram('drivers/writer.ts', config);
  return measurePublishing(world, writer, events, { relay: [app.pid], writer: [writer.pid] });
}

async function publishByFloor(world: World, writers: number, events: number): Promise<Sample> {
  await world.createDatabase(SERVICE);
  await migrate(world);
  const config: PublishFloorConfig = {
    ...writeConfig(world, writers, events),
    exchange: INTAKE_EXCHANGE,
    routingKey: INTAKE_KEY,
  };
  const floor = await world.startProgram('floor/publish.floor.ts', config);
  return measurePublishing(world, floor, events, { floor: [floor.pid] });
}

/** Lets the app create its tables in a database. */
export async function migrate(world: World, database = SERVICE): Promise<void> {
  const app = await world.startApp(SERVICE, database);
  await app.waitUntilReady();
  await app.stop();
}

export const publishCase: BenchCase = {
  name: 'publish',
  goal: { rate: 0.6 },
  variants: ({ events = 100_000 }) =>
    [1, 10, 100].flatMap((writers): Variant[] => {
      const point = `${writers} writer${writers === 1 ? '' : 's'}`;
      return [
        { point, side: 'ours', run: (world) => publishThroughOutbox(world, writers, events) },
        { point, side: 'floor', run: (world) => publishByFloor(world, writers, events) },
      ];
    }),
};

/** Transactions only, without a running relay. */
async function transact(world: World, writers: number, events: number, protocol: 'outbox' | 'none'): Promise<Sample> {
  await world.createDatabase(SERVICE);
  await migrate(world);
  const config: WriterConfig = { ...writeConfig(world, writers, events), protocol };
  const writer = await world.startProgram('drivers/writer.ts', config);
  const meter = new Meter(world.processes({ transactions: [writer.pid] }));
  writer.go();
  const { seconds = Number.NaN, transactionP50Ms = Number.NaN, transactionP99Ms = Number.NaN } = await writer.done;
  return {
    eventsPerSecond: events / seconds,
    usage: meter.finish(events).usage,
    figures: { transactionP50Ms, transactionP99Ms },
  };
}

export const transactionCase: BenchCase = {
  name: 'transaction',
  goal: { other: 'a transaction with an event takes ≤ 1.3 × the time of one without an event (the floor)' },
  variants: ({ events = 20_000 }) =>
    [1, 10].flatMap((writers): Variant[] => {
      const point = `${writers} writer${writers === 1 ? '' : 's'}`;
      return [
        { point, side: 'ours', run: (world) => transact(world, writers, events, 'outbox') },
        { point, side: 'floor', run: (world) => transact(world, writers, events, 'none') },
      ];
    }),
};
