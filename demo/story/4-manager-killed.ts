import { TENANT } from './1-profile-alone';
import { concurrently } from './concurrently';
import { People } from './people';
import { count, verifyAllReplicas } from './replicas';
import { apiOf, type StoryStep } from './story-system';

const CHANGES = 1_000;
const KILL_AFTER = 400;

export const managerKilled: StoryStep = {
  title: `The event manager is killed (SIGKILL) during ${CHANGES.toLocaleString('en')} changes, and restarted`,
  async play(system) {
    const people = new People(apiOf(system, 'profile'), TENANT);
    const [manager] = system.instancesOf('event-manager');
    let made = 0;
    let restarted: Promise<unknown> = Promise.resolve();
    // Each user is created, changed twice, and every second one deleted: the order of its changes matters.
    const users = Array.from({ length: (CHANGES * 2) / 7 }, (_, index) => `stream-${index}`);
    const countChange = () => {
      made += 1;
      if (made === KILL_AFTER)
        restarted = Promise.resolve(manager?.kill()).then(() => system.startApp('event-manager'));
    };
    await concurrently(users, 8, async (userId) => {
      await people.create(userId).then(countChange);
      await people.change(userId, 1).then(countChange);
      await people.change(userId, 2).then(countChange);
      if (Number(userId.split('-')[1]) % 2 === 0) await people.delete(userId).then(countChange);
    });
    for (let revision = 3; made < CHANGES; revision += 1) await people.change('stream-1', revision).then(countChange);
    await restarted;

    const { items } = await apiOf(system, 'event-manager').get<{ items: unknown[] }>('/admin/v1/subscriptions');
    await verifyAllReplicas(system, 60_000);
    const remaining = await count(system.databases.profile, 'profile_user');
    return `${made} changes, killed after ${KILL_AFTER}; the map was restored with ${items.length} subscriptions; every replica equals its source (${remaining} users)`;
  },
};
