import { DbEventError, type Subscription } from '@dbem/db-event';
import type { NodeData, ZooKeeperSession } from '@dbem/zookeeper';
import { CreateMode } from 'node-zookeeper-client';
import type { Decided, Decision } from '../subscription-registry.port';
import { revisionOf } from './map-mirror';
import { MEMBERS_ROOT, publisherPath, subscriptionPath } from './paths';
import { decodeSubscriptionNode, encodeSubscriptionNode } from './subscription-node';

/** Another manager may change the same node between read and write; more often than this is not a coincidence. */
const MAX_TRIES = 20;
const NOTHING = Buffer.alloc(0);

/**
 * Changes the map in ZooKeeper. Each change is one transaction that writes the subscription's node, touches the
 * publisher's node, which notifies its watchers that a filter may have changed, and touches the members' root, which
 * makes the revision.
 */
export class MapChanges {
  constructor(private readonly session: ZooKeeperSession) {}

  /** See `SubscriptionRegistry.change`; resolves when the change is durable. */
  async change(
    publisher: string,
    subscriber: string,
    decide: (present: Subscription | undefined) => Decision,
  ): Promise<Decided> {
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const node = await this.session.getData(subscriptionPath(publisher, subscriber));
      const present = node && decodeSubscriptionNode(publisher, subscriber, node);
      const decision = decide(present);
      if (decision === undefined || (await this.write(publisher, subscriber, decision, node)))
        return { present, decision };
    }
    throw new DbEventError(
      'MAP_UNAVAILABLE',
      `The subscription of "${subscriber}" to "${publisher}" was changed concurrently in ${MAX_TRIES} attempts; try again`,
      { retryable: true },
    );
  }

  /** The revision of the newest change, including this manager's own. */
  async revision(): Promise<bigint> {
    return revisionOf(await this.session.getData(MEMBERS_ROOT));
  }

  /** @returns false if the node has been changed, created or removed since it was read. */
  private async write(
    publisher: string,
    subscriber: string,
    next: Subscription | 'removed',
    node: NodeData | undefined,
  ): Promise<boolean> {
    const path = subscriptionPath(publisher, subscriber);
    if (node === undefined) await this.session.create(publisherPath(publisher), Buffer.from(publisher));
    return this.session.commit((transaction) => {
      if (next === 'removed') transaction.remove(path);
      else if (node !== undefined) transaction.setData(path, encodeSubscriptionNode(next), node.stat.version);
      else transaction.create(path, encodeSubscriptionNode(next), this.session.rights, CreateMode.PERSISTENT);
      transaction.setData(publisherPath(publisher), Buffer.from(publisher)).setData(MEMBERS_ROOT, NOTHING);
    });
  }
}
