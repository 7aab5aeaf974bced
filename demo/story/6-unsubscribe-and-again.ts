import { TENANT } from './1-profile-alone';
import { check, waitUntil } from './check';
import { concurrently } from './concurrently';
import { People } from './people';
import { count, verifyAllReplicas } from './replicas';
import { apiOf, type StoryStep } from './story-system';

const MISSED = Array.from({ length: 5 }, (_, index) => `missed-${index}`);
const AFTER = Array.from({ length: 5 }, (_, index) => `after-${index}`);

export const unsubscribeAndAgain: StoryStep = {
  title: 'registry unsubscribes from profile and receives no more users; then it subscribes again',
  async play(system) {
    const { sharing, registry } = system.databases;
    const people = new People(apiOf(system, 'profile'), TENANT);
    const registryApi = apiOf(system, 'registry');
    const before = await count(registry, 'registry_user');

    await registryApi.delete('/replication/subscriptions/user.profile');
    await concurrently(MISSED, 4, (userId) => people.create(userId));
    await waitUntil('sharing still receives every user', async () => {
      const arrived = await count(sharing, 'sharing_user', `user_id LIKE 'missed-%'`);
      return arrived === MISSED.length ? undefined : `${arrived} of ${MISSED.length}`;
    });
    const meanwhile = await count(registry, 'registry_user');
    check(
      meanwhile === before,
      `registry received no user while unsubscribed: it has ${meanwhile} users, before it had ${before}`,
    );

    await registryApi.put('/replication/subscriptions/user.profile');
    await concurrently(AFTER, 4, (userId) => people.create(userId));
    await verifyAllReplicas(system);
    return `registry missed ${MISSED.length} users; subscribed again, it received ${AFTER.length} new ones and the missed ones by backfill`;
  },
};
