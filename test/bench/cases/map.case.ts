import { performance } from 'node:perf_hooks';
import { PUBLISHER } from '../drivers/users';
import { residentBytesOf } from '../harness/process-tree';
import type { SeededSubscription } from '../harness/seed-map';
import type { World } from '../harness/world';
import type { Sample } from '../report/sample';
import type { BenchCase, Variant } from './bench-case';
import { fillIntake, measureRouting } from './routing';

/** Number of publishers, and of subscribers per publisher. */
const SIZES = [
  { publishers: 1, subscribers: 1 },
  { publishers: 100, subscribers: 10 },
  { publishers: 1_000, subscribers: 100 },
];
/** The only subscriber of the publisher whose events are routed, whatever the map's size. */
const SUBSCRIBER = 'sharing';

/** One of this number of subscriptions has an entity type filter. */
const NARROWED_ONE_IN = 4;
/** A publisher with at least this number of subscriptions has an index. */
const MANY_SUBSCRIBERS = 10;

interface Size {
  readonly publishers: number;
  readonly subscribers: number;
}

function subscriptionsOf({ publishers, subscribers }: Size): SeededSubscription[] {
  const own = { publisher: PUBLISHER, subscriber: SUBSCRIBER };
  const others = Array.from({ length: publishers * subscribers - 1 }, (_, index) => ({
    publisher: `publisher-${Math.floor(index / subscribers)}`,
    subscriber: `subscriber-${index % subscribers}`,
    ...(index % NARROWED_ONE_IN === 0 && { entityTypes: ['GROUP', 'TENANT'] }),
  }));
  return [own, ...others];
}

async function measure(world: World, size: Size, subscriptions: readonly SeededSubscription[], events: number) {
  await world.subscribe(subscriptions);
  // Declares the queues of all subscribers and creates the indexes, so that the measured start finds both.
  const first = await world.startApp('event-manager');
  await first.waitUntilReady();
  if (size.subscribers >= MANY_SUBSCRIBERS) await world.waitForIndexes(size.publishers);
  await first.stop();
  const work = { events, subscribers: [SUBSCRIBER] };
  await fillIntake(world, work);
  const startedAtMs = performance.now();
  const manager = await world.startApp('event-manager');
  const routing = measureRouting(world, work, { manager: [manager.pid] });
  await manager.waitUntilReady();
  const coldStartSeconds = (performance.now() - startedAtMs) / 1000;
  const residentAtStartMiB = residentMiBOf(manager.pid);
  const sample: Sample = await routing;
  return { ...sample, figures: { coldStartSeconds, residentAtStartMiB, residentMiB: residentMiBOf(manager.pid) } };
}

function residentMiBOf(pid: number): number {
  return residentBytesOf(pid) / 1024 / 1024;
}

export const mapCase: BenchCase = {
  name: 'map',
  goal: { other: 'events/s and CPU flat (≤ 1.1 ×); cold start with 100,000 ≤ 5 s; resident memory ≤ 200 MiB' },
  variants: ({ events = 100_000 }) =>
    SIZES.map((size): Variant => {
      const subscriptions = subscriptionsOf(size);
      const point = `${subscriptions.length.toLocaleString('en')} subscription${subscriptions.length === 1 ? '' : 's'}`;
      return { point, side: 'ours', run: (world) => measure(world, size, subscriptions, events) };
    }),
};
