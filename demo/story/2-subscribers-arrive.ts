import { check } from './check';
import { count, verifyAllReplicas } from './replicas';
import { apiOf, type StoryStep } from './story-system';

interface Subscription {
  publisher: string;
  subscriber: string;
  entityTypes?: string[];
}

const EXPECTED = [
  'registry -> sharing: PROJECT',
  'user.profile -> registry: TENANT,USER_PROFILE',
  'user.profile -> sharing: TENANT,USER_PROFILE',
];

export const subscribersArrive: StoryStep = {
  title: 'sharing and registry start, subscribe at run time and receive the existing entities; nothing is restarted',
  async play(system) {
    const pidsBefore = [...system.instancesOf('event-manager'), ...system.instancesOf('profile')].map(({ pid }) => pid);
    await Promise.all([system.startApp('sharing'), system.startApp('registry')]);

    const { items } = await apiOf(system, 'event-manager').get<{ items: Subscription[] }>('/admin/v1/subscriptions');
    const map = items.map(({ publisher, subscriber, entityTypes }) => `${publisher} -> ${subscriber}: ${entityTypes}`);
    check(map.sort().join() === EXPECTED.join(), `the map is ${JSON.stringify(map)}`);
    const pidsAfter = [...system.instancesOf('event-manager'), ...system.instancesOf('profile')].map(({ pid }) => pid);
    check(pidsBefore.join() === pidsAfter.join(), 'the event manager and profile are the same processes as before');
    await verifyAllReplicas(system);
    const users = await count(system.databases.sharing, 'sharing_user');
    return `the map has ${items.length} subscriptions, each for the entity types that its service handles; both services have the ${users} earlier users`;
  },
};
