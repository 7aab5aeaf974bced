import type { Log } from '@dbem/runtime';
import { forEachConcurrently } from './for-each-concurrently';
import type { ZooKeeperSession } from './zookeeper-session';

const MAX_CONCURRENT_NODES = 64;

/**
 * Restricts changes of a node and its descendants to the managers' credentials, for nodes that were created without
 * credentials. Idempotent; several processes may run it at the same time.
 */
export async function restrictTree(session: ZooKeeperSession, root: string, log: Log): Promise<void> {
  let closed = 0;
  let level = [root];
  while (level.length > 0) {
    const next: string[] = [];
    await forEachConcurrently(level, MAX_CONCURRENT_NODES, async (path) => {
      // First the node, then its children: after that no other client can add a child that would be missed.
      if (await session.closeNode(path)) closed += 1;
      for (const child of (await session.getChildren(path)) ?? []) next.push(`${path}/${child}`);
    });
    level = next;
  }
  if (closed > 0) log.info({ root, nodes: closed }, 'restricted ZooKeeper nodes that anyone could change');
}
