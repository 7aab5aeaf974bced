import { TENANT } from './1-profile-alone';
import { check, waitUntil } from './check';
import { concurrently } from './concurrently';
import { People } from './people';
import { verifyAllReplicas } from './replicas';
import { type AppInstance, apiOf, type StoryStep } from './story-system';

const USERS = 200;

interface ReplicationCounts {
  applied: number;
}

export const secondInstance: StoryStep = {
  title: 'A second sharing instance starts: both consume the same queue, each event is applied once',
  async play(system) {
    await system.startApp('sharing');
    const instances = system.instancesOf('sharing');
    const before = await appliedBy(instances);
    const people = new People(apiOf(system, 'profile'), TENANT);
    const users = Array.from({ length: USERS }, (_, index) => `pair-${index}`);
    await concurrently(users, 8, (userId) => people.create(userId));
    await verifyAllReplicas(system);

    // Each new user is one event of profile, and its default project is one of registry.
    const expected = USERS * 2;
    let shares: number[] = [];
    await waitUntil(`the two instances apply ${expected} events in total`, async () => {
      const now = await appliedBy(instances);
      shares = now.map((applied, index) => applied - (before[index] ?? 0));
      const sum = shares.reduce((total, share) => total + share, 0);
      return sum >= expected ? undefined : `${sum} so far`;
    });
    const sum = shares.reduce((total, share) => total + share, 0);
    check(sum === expected, `${expected} events were applied once each, not ${sum} times (${shares.join(' + ')})`);
    check(
      shares.every((share) => share > 0),
      `both instances applied events (${shares.join(' and ')})`,
    );
    return `${expected} events, each applied once: ${shares.join(' by the first instance, ')} by the second`;
  },
};

async function appliedBy(instances: readonly AppInstance[]): Promise<number[]> {
  const counts = await Promise.all(instances.map(({ api }) => api.get<ReplicationCounts>('/replication')));
  return counts.map(({ applied }) => applied);
}
