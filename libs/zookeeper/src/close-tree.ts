import type { Log } from '@dbem/runtime';
import { eachOf } from './each-of';
import type { ZooKeeperSession } from './zookeeper-session';

/** How many nodes are looked at at once. */
const WIDTH = 64;

/**
 * Takes from everybody else the right to change a node and all below it, where nodes were made before there were credentials.
 * Idempotent; several processes may do it at once.
 */
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
