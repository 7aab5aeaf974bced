import { type Subscription, SubscriptionMap } from '@dbem/db-event';
import { describe, expect, it } from 'vitest';
import { type Route, RoutingService } from './routing.service';

const router = new RoutingService({ queueOf: (service) => `${service}.queue` });
const PAUSES = [{ by: 'ada', sinceMs: 1 }];
const MAP = SubscriptionMap.of([
  { publisher: 'user.profile', subscriber: 'sharing' },
  { publisher: 'user.profile', subscriber: 'registry', entityTypes: ['USER_PROFILE'] },
  { publisher: 'profile', subscriber: 'other' },
]);

const queuesOf = ({ destinations }: Route) => destinations.map(({ queue }) => queue);

describe('RoutingService', () => {
  it('RoutingService routes an event to the queues of its subscribers', () => {
    expect(router.route({ publisher: 'user.profile', entityType: 'USER_PROFILE' }, MAP)).toEqual({
      services: ['registry', 'sharing'],
      destinations: [
        { service: 'registry', queue: 'registry.queue', messageFormat: undefined, isPaused: false },
        { service: 'sharing', queue: 'sharing.queue', messageFormat: undefined, isPaused: false },
      ],
    });
    expect(router.route({ publisher: 'user.profile', entityType: 'TENANT' }, MAP).services).toEqual(['sharing']);
  });

  it('RoutingService routes an event with a recipient to that recipient only, and only if it is subscribed', () => {
    const event = { publisher: 'user.profile', entityType: 'TENANT', recipient: 'sharing' } as const;
    expect(router.route(event, MAP)).toEqual({
      services: ['sharing'],
      destinations: [{ service: 'sharing', queue: 'sharing.queue', messageFormat: undefined, isPaused: false }],
    });
    expect(queuesOf(router.route({ ...event, recipient: 'registry' }, MAP))).toEqual([]);
  });

  it('RoutingService returns the same object for the same map, publisher, type and recipient', () => {
    const event = { publisher: 'user.profile', entityType: 'USER_PROFILE' } as const;
    expect(router.route(event, MAP)).toBe(router.route(event, MAP));
    for (const recipient of ['sharing', 'registry', 'nobody']) {
      expect(router.route({ ...event, recipient }, MAP)).toBe(router.route({ ...event, recipient }, MAP));
    }
    const paused = MAP.with({ publisher: 'user.profile', subscriber: 'sharing', pauses: PAUSES });
    expect(router.route({ ...event, recipient: 'sharing' }, paused).destinations).toMatchObject([{ isPaused: true }]);
  });

  it('RoutingService does not match a similar publisher name', () => {
    expect(router.route({ publisher: 'profile', entityType: 'TENANT' }, MAP).services).toEqual(['other']);
    expect(queuesOf(router.route({ publisher: 'user', entityType: 'TENANT' }, MAP))).toEqual([]);
  });

  it('RoutingService reports that the events of a paused subscription wait', () => {
    const event = { publisher: 'user.profile', entityType: 'USER_PROFILE' } as const;
    const isPausedWith = (pauses: typeof PAUSES) =>
      router
        .route(event, MAP.with({ publisher: 'user.profile', subscriber: 'sharing', pauses }))
        .destinations.map(({ isPaused }) => isPaused);
    expect(isPausedWith(PAUSES)).toEqual([false, true]);
    expect(isPausedWith([])).toEqual([false, false]);
  });

  it('RoutingService routes a heartbeat only to subscribers that requested heartbeats', () => {
    const heartbeat = { publisher: 'user.profile', entityType: 'REGISTRY', isHeartbeat: true } as const;
    expect(router.route(heartbeat, MAP).services).toEqual([]);
    const withHeartbeats: Subscription = {
      publisher: 'user.profile',
      subscriber: 'registry',
      entityTypes: ['USER_PROFILE'],
      heartbeats: true,
    };
    expect(router.route(heartbeat, MAP.with(withHeartbeats)).services).toEqual(['registry']);
  });

  it('RoutingService uses a changed map at once', () => {
    const event = { publisher: 'user.profile', entityType: 'TENANT' } as const;
    router.route(event, MAP);
    expect(queuesOf(router.route(event, MAP.without('user.profile', 'sharing')))).toEqual([]);
  });

  it('RoutingService routes an event for a service that is not subscribed to no service and no queue', () => {
    const event = { publisher: 'user.profile', entityType: 'TENANT', recipient: 'registry' } as const;
    expect(router.route(event, MAP)).toEqual({ services: [], destinations: [] });
  });
});
