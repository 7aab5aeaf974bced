import type { Log } from '@dbem/platform';
import { eachOf } from './each-of';
import { INDEX_ROOT, MAP_ROOT, MEMBERS_ROOT } from './paths';
import type { ZooKeeperSession } from './zookeeper-session';

/** How many nodes are looked at at once. */
const WIDTH = 64;

/**
 * Takes from everybody else the right to change the map, its index and the list of members, where nodes were made before there
 * were credentials. Members' own nodes are left: they go with their sessions. Idempotent; several managers may do it at once.
 */
export async function closeNodes(session: ZooKeeperSession, log: Log): Promise<void> {
  if (await session.closeNode(MEMBERS_ROOT)) log.info({ node: MEMBERS_ROOT }, 'closed the list of members');
  await closeTree(session, MAP_ROOT, log);
  await closeTree(session, INDEX_ROOT, log);
}

/** The same for a node and all below it. */
export async function closeTree(session: ZooKeeperSession, root: string, log: Log): Promise<void> {
  let closed = 0;
  let level = [root];
  while (level.length > 0) {
    const next: string[] = [];
    await eachOf(level, WIDTH, async (path) => {
      // First the node, then its children: nobody else adds one in between that is not seen.
      if (await session.closeNode(path)) closed += 1;
      for (const child of (await session.getChildren(path)) ?? []) next.push(`${path}/${child}`);
    });
    level = next;
  }
  if (closed > 0) log.info({ root, nodes: closed }, 'closed nodes in ZooKeeper that everybody could change');
}
