import type { BenchCase } from './bench-case';
import { type RouteWork, routeByFloor, routeByManager } from './routing';

export const routeCase: BenchCase = {
  name: 'route',
  goal: { rate: 0.9, cpu: 1.25 },
  variants({ events = 100_000 }) {
    const work: RouteWork = { events, subscribers: ['sharing', 'registry'] };
    return [
      { point: '', side: 'ours', run: (world) => routeByManager(world, work) },
      { point: '', side: 'floor', run: (world) => routeByFloor(world, work) },
      {
        point: '',
        side: 'floor, prefetch 500',
        run: (world) => routeByFloor(world, work, undefined, { prefetch: 500 }),
      },
      {
        point: '',
        side: 'floor, rabbitmq-client',
        // This client would decode bodies with a text content type to strings.
        run: (world) => routeByFloor(world, { ...work, contentType: '' }, 'floor/route-rabbitmq-client.floor.ts'),
      },
    ];
  },
};
