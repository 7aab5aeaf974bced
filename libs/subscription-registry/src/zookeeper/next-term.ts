import { DbEventError } from '@dbem/db-event';
import type { ZooKeeperSession } from '@dbem/zookeeper';
import { laterTerm } from '../later-term';
import { TERM_NODE } from './paths';

/** Several managers may begin a term at the same time; more often than this is not a coincidence. */
const MAX_TRIES = 20;

/** See `SubscriptionRegistry.nextTerm`. The node's data is the last term. */
export async function nextTerm(session: ZooKeeperSession): Promise<number> {
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const node = await session.getData(TERM_NODE);
    const term = laterTerm(Number(node?.data.toString('utf8') ?? 0));
    const data = Buffer.from(String(term));
    const isWritten =
      node === undefined
        ? await session.create(TERM_NODE, data)
        : await session.commit((transaction) => transaction.setData(TERM_NODE, data, node.stat.version));
    if (isWritten) return term;
  }
  throw new DbEventError('MAP_UNAVAILABLE', `Another event manager began a term in each of ${MAX_TRIES} attempts`, {
    retryable: true,
  });
}
