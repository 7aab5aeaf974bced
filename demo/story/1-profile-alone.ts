import { check, waitUntil } from './check';
import { concurrently } from './concurrently';
import { People } from './people';
import { count } from './replicas';
import { apiOf, type StoryStep } from './story-system';

export const TENANT = 'seagrid';
export const EARLY_USERS = Array.from({ length: 20 }, (_, index) => `early-${index}`);

export const profileAlone: StoryStep = {
  title: 'Only the event manager and profile run; a tenant and 20 users are created at profile',
  async play(system) {
    await system.startApp('event-manager');
    await system.startApp('profile');
    const profile = apiOf(system, 'profile');
    await profile.post('/tenants', { gatewayId: TENANT, gatewayName: 'SEAGrid', domain: 'seagrid.example' });
    const people = new People(profile, TENANT);
    await concurrently(EARLY_USERS, 4, (userId) => people.create(userId));

    const users = await count(system.databases.profile, 'profile_user');
    check(users === EARLY_USERS.length, `profile has ${EARLY_USERS.length} users, not ${users}`);
    await waitUntil('the outbox drains without any subscriber', async () => {
      const waiting = await count(system.databases.profile, 'db_event.outbox');
      return waiting === 0 ? undefined : `${waiting} changes wait`;
    });
    return `profile has 1 tenant and ${users} users; all changes were published, without subscribers so far`;
  },
};
