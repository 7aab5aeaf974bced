import { BATCH_VERSION, INTAKE_QUEUE, MAX_BATCH_ELEMENTS, serviceQueueOf } from '@dbem/transport';
import { commentsFor, EVENT_BYTES, eventOf, PUBLISHER, userOf } from '../drivers/users';
import type { RouteFloorConfig } from '../floor/route.floor';
import { Meter } from '../harness/meter';
import { until } from '../harness/until';
import type { World } from '../harness/world';
import type { Sample } from '../report/sample';
import type { BenchCase, Variant } from './bench-case';

const SUBSCRIBERS = [1, 3, 10, 100, 1_000];
const EXCHANGE = 'bench.fan-out';

interface FanOutWork {
  readonly events: number;
  readonly services: readonly string[];
}

/** The router is started before the events are published. */
async function measure(
  world: World,
  { events, services }: FanOutWork,
  own: Record<string, readonly number[]>,
): Promise<Sample> {
  const comments = commentsFor(EVENT_BYTES);
  const queues = services.map(serviceQueueOf);
  const meter = new Meter(world.processes(own));
  const bodyOf = (index: number) => eventOf(userOf(index, 1, comments), index + 1);
  await world.probe.fillBatches(INTAKE_QUEUE, events, bodyOf, MAX_BATCH_ELEMENTS);
  for (const queue of queues) {
    const isComplete = async () => (await world.probe.depth(queue)) >= events / MAX_BATCH_ELEMENTS;
    await until(isComplete, { what: `all events in ${queue}` });
  }
  const { seconds, usage } = meter.finish(events);
  return {
    eventsPerSecond: events / seconds,
    usage,
    figures: { fanOutsPerSecond: (events * services.length) / seconds },
  };
}

async function byManager(world: World, work: FanOutWork): Promise<Sample> {
  await world.declare(work.services);
  await world.subscribe(
    work.services.map((subscriber) => ({ publisher: PUBLISHER, subscriber, messageFormat: BATCH_VERSION })),
  );
  const manager = await world.startApp('event-manager');
  await manager.waitUntilReady();
  await until(() => manager.log.includes('declared service queues'), { intervalMs: 200, what: 'declared queues' });
  return measure(world, work, { manager: [manager.pid] });
}

async function byFanOutExchange(world: World, work: FanOutWork): Promise<Sample> {
  await world.declare(work.services);
  await world.probe.bindFanOut(EXCHANGE, work.services.map(serviceQueueOf));
  const config: RouteFloorConfig = {
    amqpUrl: world.amqpUrl,
    source: INTAKE_QUEUE,
    destinations: [],
    fanoutExchange: EXCHANGE,
    prefetch: 16,
  };
  const floor = await world.startProgram('floor/route.floor.ts', config);
  floor.go();
  return measure(world, work, { floor: [floor.pid] });
}

export const fanOutCase: BenchCase = {
  name: 'fan-out',
  goal: { rate: 0.8 },
  variants: ({ events = 100_000 }) =>
    SUBSCRIBERS.flatMap((count): Variant[] => {
      const work: FanOutWork = {
        // Full batches: a manager sends as many as it receives, so their number gives the number of events.
        events: Math.max(Math.round(events / count / MAX_BATCH_ELEMENTS), 2) * MAX_BATCH_ELEMENTS,
        services: Array.from({ length: count }, (_, index) => `subscriber-${index}`),
      };
      const point = `${count.toLocaleString('en')} subscriber${count === 1 ? '' : 's'}`;
      return [
        { point, side: 'ours', run: (world) => byManager(world, work) },
        { point, side: 'floor', run: (world) => byFanOutExchange(world, work) },
      ];
    }),
};
