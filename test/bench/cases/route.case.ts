import { MAX_BATCH_ELEMENTS } from '@dbem/transport';
import type { BenchCase } from './bench-case';
import { type RouteWork, routeByFloor, routeByManager } from './routing';

export const routeCase: BenchCase = {
  name: 'route',
  goal: { rate: 0.9, cpu: 1.25 },
  variants({ events = 100_000 }) {
    const work: RouteWork = { events, subscribers: ['sharing', 'registry'] };
    const batches: RouteWork = {
      ...work,
      events: Math.ceil(events / MAX_BATCH_ELEMENTS) * MAX_BATCH_ELEMENTS,
      batch: MAX_BATCH_ELEMENTS,
    };
    const [inBatches, singles] = ['batches of 500', 'single messages (legacy)'];
    return [
      { point: inBatches, side: 'ours', run: (world) => routeByManager(world, batches) },
      { point: inBatches, side: 'floor', run: (world) => routeByFloor(world, batches, undefined, { prefetch: 16 }) },
      { point: singles, side: 'ours', run: (world) => routeByManager(world, work) },
      { point: singles, side: 'floor', run: (world) => routeByFloor(world, work) },
      {
        point: singles,
        side: 'floor, prefetch 500',
        run: (world) => routeByFloor(world, work, undefined, { prefetch: 500 }),
      },
      {
        point: singles,
        side: 'floor, rabbitmq-client',
        // This client would decode bodies with a text content type to strings.
        run: (world) => routeByFloor(world, { ...work, contentType: '' }, 'floor/route-rabbitmq-client.floor.ts'),
      },
    ];
  },
};
