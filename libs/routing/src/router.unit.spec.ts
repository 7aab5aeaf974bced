import { type Subscription, SubscriptionMap } from '@dbem/db-event';
import { describe, expect, it } from 'vitest';
import { Router } from './router';

const router = new Router(
  (service) => `${service}.queue`,
  (publisher, service) => `paused.${publisher}.${service}`,
);
const MAP = SubscriptionMap.of([
  { publisher: 'user.profile', subscriber: 'sharing' },
  { publisher: 'user.profile', subscriber: 'registry', entityTypes: ['USER_PROFILE'] },
  { publisher: 'profile', subscriber: 'other' },
]);

describe('Router', () => {
  it('sends an event to the queues of those who want it', () => {
    expect(router.route({ publisher: 'user.profile', entityType: 'USER_PROFILE' }, MAP)).toEqual({
      services: ['registry', 'sharing'],
      queues: ['registry.queue', 'sharing.queue'],
    });
    expect(router.route({ publisher: 'user.profile', entityType: 'TENANT' }, MAP).services).toEqual(['sharing']);
  });

  it('sends what is addressed to one subscriber to that one only, and only if it is subscribed', () => {
    const event = { publisher: 'user.profile', entityType: 'TENANT', recipient: 'sharing' } as const;
    expect(router.route(event, MAP)).toEqual({ services: ['sharing'], queues: ['sharing.queue'] });
    expect(router.route({ ...event, recipient: 'registry' }, MAP).queues).toEqual([]);
  });

  it('remembers its answers, those for one recipient too: who counts by them keeps few', () => {
    const event = { publisher: 'user.profile', entityType: 'USER_PROFILE' } as const;
    expect(router.route(event, MAP)).toBe(router.route(event, MAP));
    for (const recipient of ['sharing', 'registry', 'nobody']) {
      expect(router.route({ ...event, recipient }, MAP)).toBe(router.route({ ...event, recipient }, MAP));
    }
    const paused = MAP.with({ publisher: 'user.profile', subscriber: 'sharing', delivery: 'paused' });
    expect(router.route({ ...event, recipient: 'sharing' }, paused).queues).toEqual(['paused.user.profile.sharing']);
  });

  it('does not take a similar name for the same', () => {
    expect(router.route({ publisher: 'profile', entityType: 'TENANT' }, MAP).services).toEqual(['other']);
    expect(router.route({ publisher: 'user', entityType: 'TENANT' }, MAP).queues).toEqual([]);
  });

  it('sends the events of a paused subscription where they wait, also while these are moved on, and no others', () => {
    const event = { publisher: 'user.profile', entityType: 'USER_PROFILE' } as const;
    const queuesWhen = (delivery: 'paused' | 'resuming' | 'draining') =>
      router.route(event, MAP.with({ publisher: 'user.profile', subscriber: 'sharing', delivery })).queues;
    expect(queuesWhen('paused')).toEqual(['registry.queue', 'paused.user.profile.sharing']);
    expect(queuesWhen('resuming')).toEqual(['registry.queue', 'paused.user.profile.sharing']);
    expect(queuesWhen('draining')).toEqual(['registry.queue', 'sharing.queue']);
  });

  it('sends a heartbeat to those only who asked for them', () => {
    const heartbeat = { publisher: 'user.profile', entityType: 'REGISTRY', isHeartbeat: true } as const;
    expect(router.route(heartbeat, MAP).services).toEqual([]);
    const asking = {
      publisher: 'user.profile',
      subscriber: 'registry',
      entityTypes: ['USER_PROFILE'],
      heartbeats: true,
    };
    expect(router.route(heartbeat, MAP.with(asking as Subscription)).services).toEqual(['registry']);
  });

  it('follows a change of the map', () => {
    const event = { publisher: 'user.profile', entityType: 'TENANT' } as const;
    router.route(event, MAP);
    expect(router.route(event, MAP.without('user.profile', 'sharing')).queues).toEqual([]);
  });

  it('An event that is addressed to who is not subscribed goes to no service and no queue', () => {
    const event = { publisher: 'user.profile', entityType: 'TENANT', recipient: 'registry' } as const;
    expect(router.route(event, MAP)).toEqual({ services: [], queues: [] });
  });
});
