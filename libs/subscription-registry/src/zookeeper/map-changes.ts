import {
  DbEventError,
  isSameSubscription,
  normalizeSubscription,
  type Subscription,
  subscriptionAsked,
} from '@dbem/db-event';
import type { NodeData, ZooKeeperSession } from '@dbem/zookeeper';
import { CreateMode } from 'node-zookeeper-client';
import type { PutOutcome, RemoveOutcome, UpdateOutcome } from '../subscription-registry.port';
import { revisionOf } from './map-mirror';
import { MEMBERS_ROOT, publisherPath, subscriptionPath } from './paths';
import { decodeSubscriptionNode, encodeSubscriptionNode } from './subscription-node';

/** Another manager may change the same node in between; more often than this is not bad luck any more. */
const MAX_TRIES = 20;
const NOTHING = Buffer.alloc(0);

/**
 * Changes the map in ZooKeeper. Each change is one transaction: the subscription's node; the publisher's node, touched, which
 * tells its watchers that a filter may have changed; and the members' root, touched, which makes the revision.
 */
export class MapChanges {
  constructor(private readonly session: ZooKeeperSession) {}

  /** @throws DbEventError SUBSCRIPTION_LAPSING */
  async put(wanted: Subscription, rebuiltSinceMs?: number): Promise<PutOutcome> {
    const { publisher, subscriber } = wanted;
    const path = subscriptionPath(publisher, subscriber);
    await this.session.create(publisherPath(publisher), Buffer.from(publisher));
    return retried(async () => {
      const node = await this.session.getData(path);
      const present = node && decodeSubscriptionNode(publisher, subscriber, node.data);
      const asked = subscriptionAsked(present, wanted, rebuiltSinceMs);
      const next = normalizeSubscription({ ...asked, delivery: present?.delivery });
      if (present !== undefined && isSameSubscription(present, next)) return 'unchanged';
      if (!(await this.write(next, node))) return undefined;
      return node === undefined ? 'created' : 'changed';
    });
  }

  /** @returns false if the subscription is not `present` any more. */
  async replace(present: Subscription, next: Subscription): Promise<boolean> {
    const { publisher, subscriber } = present;
    const node = await this.session.getData(subscriptionPath(publisher, subscriber));
    if (node === undefined) return false;
    const found = decodeSubscriptionNode(publisher, subscriber, node.data);
    return isSameSubscription(found, present) && (await this.write(normalizeSubscription(next), node));
  }

  async update(
    publisher: string,
    subscriber: string,
    change: (present: Subscription) => Subscription | undefined,
  ): Promise<UpdateOutcome> {
    return retried(async () => {
      const node = await this.session.getData(subscriptionPath(publisher, subscriber));
      if (node === undefined) return 'absent';
      const present = decodeSubscriptionNode(publisher, subscriber, node.data);
      const wanted = change(present);
      if (wanted === undefined || isSameSubscription(present, wanted)) return 'unchanged';
      return (await this.write(normalizeSubscription(wanted), node)) ? 'changed' : undefined;
    });
  }

  /** @returns false if somebody has changed, made or removed the node since it was read. */
  private write(subscription: Subscription, node: NodeData | undefined): Promise<boolean> {
    const { publisher, subscriber } = subscription;
    const path = subscriptionPath(publisher, subscriber);
    const data = encodeSubscriptionNode(subscription);
    return this.session.commit((transaction) => {
      if (node === undefined) transaction.create(path, data, this.session.rights, CreateMode.PERSISTENT);
      else transaction.setData(path, data, node.stat.version);
      transaction.setData(publisherPath(publisher), Buffer.from(publisher)).setData(MEMBERS_ROOT, NOTHING);
    });
  }

  async remove(publisher: string, subscriber: string): Promise<RemoveOutcome> {
    const path = subscriptionPath(publisher, subscriber);
    return retried(async () => {
      if ((await this.session.getData(path)) === undefined) return 'absent';
      const isDone = await this.session.commit((transaction) => {
        transaction
          .remove(path)
          .setData(publisherPath(publisher), Buffer.from(publisher))
          .setData(MEMBERS_ROOT, NOTHING);
      });
      return isDone ? 'removed' : undefined;
    });
  }

  /** The revision of the newest change, this manager's own included. */
  async revision(): Promise<bigint> {
    return revisionOf(await this.session.getData(MEMBERS_ROOT));
  }
}

async function retried<Outcome>(attempt: () => Promise<Outcome | undefined>): Promise<Outcome> {
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const outcome = await attempt();
    if (outcome !== undefined) return outcome;
  }
  throw new DbEventError('MAP_UNAVAILABLE', `Others changed the same subscription ${MAX_TRIES} times meanwhile`, {
    retryable: true,
  });
}
