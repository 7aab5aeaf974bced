import type { Log } from '@dbem/runtime';
import { restrictTree, type ZooKeeperSession } from '@dbem/zookeeper';
import { INDEX_ROOT, MAP_ROOT, MEMBERS_ROOT } from './paths';

/**
 * Removes everybody else's right to change the map, its index and the list of members. Members' own nodes are skipped:
 * they are deleted with their sessions.
 */
export async function closeNodes(session: ZooKeeperSession, log: Log): Promise<void> {
  if (await session.closeNode(MEMBERS_ROOT)) log.info({ node: MEMBERS_ROOT }, 'closed the list of members');
  await restrictTree(session, MAP_ROOT, log);
  await restrictTree(session, INDEX_ROOT, log);
}
