import { EARLY_USERS, TENANT } from './1-profile-alone';
import { waitUntil } from './check';
import { concurrently } from './concurrently';
import { People } from './people';
import { count, verifyAllReplicas } from './replicas';
import { apiOf, type StoryStep } from './story-system';

const NEW_USERS = Array.from({ length: 10 }, (_, index) => `new-${index}`);
const SECOND_TENANT = 'ultrascan';

export const changesFlow: StoryStep = {
  title: 'New users and tenants, updates and deletes reach both; registry publishes a default project for each user',
  async play(system) {
    const { sharing } = system.databases;
    const profile = apiOf(system, 'profile');
    const people = new People(profile, TENANT);
    await profile.post('/tenants', { gatewayId: SECOND_TENANT, gatewayName: 'UltraScan' });
    await concurrently(NEW_USERS, 4, (userId) => people.create(userId));
    await waitUntil('every new user owns a default project at sharing', async () => {
      const owned = await count(
        sharing,
        'entity',
        `entity_type_id = $1 AND owner_id = ANY($2) AND name = 'Default Project'`,
        [`${TENANT}:PROJECT`, NEW_USERS.map((userId) => `${userId}@${TENANT}`)],
      );
      return owned === NEW_USERS.length ? undefined : `${owned} of ${NEW_USERS.length}`;
    });

    await concurrently(EARLY_USERS, 4, (userId) => people.change(userId, 1));
    await profile.put(`/tenants/${TENANT}`, { gatewayName: 'SEAGrid Gateway', domain: 'seagrid.example' });
    await people.change('new-0', 1);
    await people.delete('new-1');
    await profile.delete(`/tenants/${SECOND_TENANT}`);
    await verifyAllReplicas(system);

    const users = await count(sharing, 'sharing_user');
    const projects = await count(sharing, 'entity');
    return `both replicas equal profile: ${users} users, 1 tenant; sharing has ${projects} projects from registry`;
  },
};
