import { waitFor } from '..';
import type { FaultSystem, Instance } from './fault-system';

/** Waits until ZooKeeper has this many managers as members, as `manager` reports it. */
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
