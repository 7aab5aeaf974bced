import { commentsForEntity } from '../drivers/users';
import { applyByApp, applyByFloor } from './apply.case';
import type { BenchCase, Variant } from './bench-case';
import { routeByFloor, routeByManager } from './routing';

const SUBSCRIBERS = ['sharing', 'registry'];

/** Cost by number of waiting events. */
export const backlogCase: BenchCase = {
  name: 'backlog',
  goal: { other: 'not slower per event with 1,000,000 waiting than with 10,000, and constant memory' },
  variants: ({ events = 1_000_000 }) =>
    [Math.max(events / 100, 1_000), events].map(
      (waiting): Variant => ({
        point: `${waiting.toLocaleString('en')} waiting`,
        side: 'ours',
        run: (world) => routeByManager(world, { events: waiting, subscribers: SUBSCRIBERS }),
      }),
    ),
};

/** Cost by entity size. */
export const entitySizeCase: BenchCase = {
  name: 'entity-size',
  goal: { rate: 0.9, other: 'the manager’s CPU grows only with the bytes' },
  variants: ({ events = 100_000 }) =>
    [200, 2_000, 20_000, 200_000].flatMap((bytes): Variant[] => {
      const work = {
        // At most 200 MB of entities.
        events: Math.min(events, Math.round(200_000_000 / bytes)),
        subscribers: SUBSCRIBERS,
        comments: commentsForEntity(bytes),
      };
      const point = `${bytes.toLocaleString('en')} B`;
      return [
        { point, side: 'ours', run: (world) => routeByManager(world, work) },
        { point, side: 'floor', run: (world) => routeByFloor(world, work) },
      ];
    }),
};

/** Rate by number of instances that share the work. */
export const instancesCase: BenchCase = {
  name: 'instances',
  goal: { other: 'more instances do not reduce the total rate while there are processors for them' },
  variants: ({ events = 100_000 }) =>
    [1, 2, 4].flatMap((instances): Variant[] => {
      const routing = { events, subscribers: SUBSCRIBERS, instances };
      return [
        { point: `${instances} × event manager`, side: 'ours', run: (world) => routeByManager(world, routing) },
        { point: `${instances} × event manager`, side: 'floor', run: (world) => routeByFloor(world, routing) },
        { point: `${instances} × sharing`, side: 'ours', run: (world) => applyByApp(world, events, instances) },
        { point: `${instances} × sharing`, side: 'floor', run: (world) => applyByFloor(world, events, instances) },
      ];
    }),
};
