import { BATCH_VERSION, INTAKE_QUEUE, MANAGER_QUEUE, serviceQueueOf } from '@dbem/transport';
import { commentsFor, EVENT_BYTES, eventOf, PUBLISHER, userOf } from '../drivers/users';
import type { RouteFloorConfig } from '../floor/route.floor';
import { Meter } from '../harness/meter';
import { until } from '../harness/until';
import type { World } from '../harness/world';
import type { Sample } from '../report/sample';

export interface RouteWork {
  readonly events: number;
  /** Padding of the events. Default: padding to 600 bytes. */
  readonly comments?: string;
  readonly subscribers: readonly string[];
  /** Content type of the waiting events; '' for none. Default: the wire contract's. */
  readonly contentType?: string;
  /** Events per message; undefined: single messages, as legacy publishers and subscribers have them. */
  readonly batch?: number;
  /** Number of managers or floors that share the work. Default: 1. */
  readonly instances?: number;
}

/** Fills the manager's queue, so that the router starts with a full queue. */
export async function fillIntake(
  world: World,
  { events, subscribers, comments = commentsFor(EVENT_BYTES), contentType, batch }: RouteWork,
): Promise<void> {
  await world.declare(subscribers);
  const bodyOf = (index: number) => eventOf(userOf(index, 1, comments), index + 1);
  if (batch === undefined) await world.probe.fill(MANAGER_QUEUE, events, bodyOf, contentType);
  else await world.probe.fillBatches(INTAKE_QUEUE, events, bodyOf, batch);
}

/**
 * Measures from the first event in a service queue to the last event in all of them. Batches must be full: so a manager
 * sends as many as it receives, and their number gives the number of events.
 */
export async function measureRouting(
  world: World,
  { events, subscribers, batch = 1 }: RouteWork,
  own: Record<string, readonly number[]>,
): Promise<Sample> {
  const queues = subscribers.map(serviceQueueOf);
  const depths = () => Promise.all(queues.map((queue) => world.probe.depth(queue)));
  await until(async () => (await world.probe.depth(queues[0] as string)) > 0, {
    intervalMs: 2,
    what: 'the first event',
  });
  const meter = new Meter(world.processes(own));
  const last = queues.at(-1) as string;
  const messages = events / batch;
  await until(async () => (await world.probe.depth(last)) >= messages, { intervalMs: 5, what: 'the last event' });
  await until(async () => (await depths()).every((depth) => depth >= messages), { what: 'all queues' });
  const { seconds, usage } = meter.finish(events);
  return { eventsPerSecond: events / seconds, usage };
}

export async function routeByManager(world: World, work: RouteWork): Promise<Sample> {
  await fillIntake(world, work);
  const messageFormat = work.batch === undefined ? undefined : BATCH_VERSION;
  await world.subscribe(work.subscribers.map((subscriber) => ({ publisher: PUBLISHER, subscriber, messageFormat })));
  const managers = await Promise.all(
    Array.from({ length: work.instances ?? 1 }, () => world.startApp('event-manager')),
  );
  return measureRouting(world, work, { manager: managers.map(({ pid }) => pid) });
}

export async function routeByFloor(
  world: World,
  work: RouteWork,
  file = 'floor/route.floor.ts',
  own: Partial<RouteFloorConfig> = {},
): Promise<Sample> {
  await fillIntake(world, work);
  const config: RouteFloorConfig = {
    amqpUrl: world.amqpUrl,
    source: work.batch === undefined ? MANAGER_QUEUE : INTAKE_QUEUE,
    destinations: work.subscribers.map(serviceQueueOf),
    prefetch: 1_000,
    ...own,
  };
  const floors = await Promise.all(Array.from({ length: work.instances ?? 1 }, () => world.startProgram(file, config)));
  for (const floor of floors) floor.go();
  return measureRouting(world, work, { floor: floors.map(({ pid }) => pid) });
}
