import { waitFor } from '../../waiting/wait-for';
import type { FaultSystem } from '../system/fault-system';
import type { Instance } from '../system/links';

/** Waits until `manager` reports this number of members in ZooKeeper. */
export async function expectMembers(
  system: Pick<FaultSystem, 'admin'>,
  count: number,
  manager: Instance = 'event-manager',
): Promise<void> {
  await waitFor(
    async () => {
      const { body } = await system.admin<{ items?: unknown[] }>('GET', '/members', undefined, manager);
      return body.items?.length === count;
    },
    { what: `ZooKeeper to have ${count} members` },
  );
}
