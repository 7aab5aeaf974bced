import type { Subscription } from '@dbem/db-event';
import { type Log, SILENT_LOG } from '@dbem/runtime';
import { ZooKeeperSubscriptionRegistry } from '@dbem/subscription-registry';
import {
  decodePublisherIndex,
  decodeSubscriptionNode,
  encodePublisherIndex,
  encodeSubscriptionNode,
  indexPath,
  MAP_ROOT,
  publisherPath,
  type SubscriptionContent,
  subscriptionPath,
} from '../../../libs/subscription-registry/src/testing';
import { type FreshZooKeeperRoot, freshZooKeeperRoot } from '../servers/fresh-zookeeper-root';
import { waitFor } from '../waiting/wait-for';
import { ZooKeeperNodes } from './zookeeper-nodes';

/** Enough subscriptions for a publisher to get an index. */
export const OTHERS = Array.from({ length: 10 }, (_, index) => `other-${index}`);

/** A subscription map in ZooKeeper, managers that start and stop, and access to its nodes by hand. */
export class MapIndexWorld {
  readonly nodes: ZooKeeperNodes;
  private readonly registries: ZooKeeperSubscriptionRegistry[] = [];

  private constructor(private readonly root: FreshZooKeeperRoot) {
    this.nodes = new ZooKeeperNodes(root.client);
  }

  /** With an empty map. */
  static async start(): Promise<MapIndexWorld> {
    const world = new MapIndexWorld(await freshZooKeeperRoot());
    await world.nodes.create(MAP_ROOT);
    return world;
  }

  async stop(): Promise<void> {
    await this.stopManagers();
    await this.root.drop();
  }

  async startManager(log: Log = SILENT_LOG): Promise<ZooKeeperSubscriptionRegistry> {
    const { connectString } = this.root;
    const registry = new ZooKeeperSubscriptionRegistry({ connectString, indexPauseMs: 2, log });
    this.registries.push(registry);
    await registry.start();
    await registry.loaded();
    return registry;
  }

  async stopManagers(): Promise<void> {
    await Promise.all(this.registries.splice(0).map((registry) => registry.stop()));
  }

  /** The map of a manager that has just started. */
  async mapOfFreshStart(): Promise<readonly Subscription[]> {
    const registry = await this.startManager();
    const subscriptions = registry.map.subscriptions();
    await registry.stop();
    return subscriptions;
  }

  /** The map as it is stored in the nodes of all subscriptions. */
  async mapOfNodes(): Promise<Subscription[]> {
    const subscriptions: Subscription[] = [];
    for (const publisher of await this.nodes.children(MAP_ROOT)) {
      for (const subscriber of await this.nodes.children(publisherPath(publisher))) {
        const node = await this.nodes.read(subscriptionPath(publisher, subscriber));
        if (node !== undefined) subscriptions.push(decodeSubscriptionNode(publisher, subscriber, node));
      }
    }
    return subscriptions;
  }

  /** Creates a node like those of the Java original. */
  createPlain(publisher: string, subscriber: string): Promise<void> {
    return this.nodes.create(subscriptionPath(publisher, subscriber), subscriber);
  }

  /** Creates a publisher with as many subscriptions as an index requires. */
  async createPublisher(publisher: string): Promise<void> {
    await this.nodes.create(publisherPath(publisher), publisher);
    for (const subscriber of OTHERS) await this.createPlain(publisher, subscriber);
  }

  async removePublisher(publisher: string): Promise<void> {
    for (const subscriber of await this.nodes.children(publisherPath(publisher))) {
      await this.nodes.remove(subscriptionPath(publisher, subscriber));
    }
    await this.nodes.remove(publisherPath(publisher));
  }

  /** Creates a publisher with many subscriptions, including this one, and an index of them. */
  async createIndexed(subscription: Subscription): Promise<void> {
    await this.createPublisher(subscription.publisher);
    const registry = await this.startManager();
    await registry.put(subscription);
    await this.indexAgain(subscription.publisher);
  }

  /** Stops all managers, then starts and stops one that saves the indexes of these publishers. */
  async indexAgain(...publishers: readonly string[]): Promise<void> {
    await this.stopManagers();
    for (const publisher of publishers) await this.nodes.removeIfThere(indexPath(publisher));
    const registry = await this.startManager();
    for (const publisher of publishers) await waitFor(() => this.nodes.read(indexPath(publisher)));
    await registry.stop();
  }

  async createSubscription(subscription: Subscription): Promise<void> {
    const path = subscriptionPath(subscription.publisher, subscription.subscriber);
    await this.nodes.create(path, encodeSubscriptionNode(subscription));
  }

  /** Changes the contents of the index, but not the recorded state of the publisher's node. */
  async falsifyIndex(publisher: string, contents: Readonly<Record<string, SubscriptionContent>>): Promise<void> {
    const present = decodePublisherIndex((await this.nodes.read(indexPath(publisher)))?.data ?? Buffer.alloc(0));
    if (present === undefined) throw new Error(`There is no index of ${publisher}`);
    const falsified = encodePublisherIndex({ ...present, contents: new Map(Object.entries(contents)) });
    await this.nodes.write(indexPath(publisher), falsified);
  }

  async indexText(publisher: string): Promise<string | undefined> {
    return (await this.nodes.read(indexPath(publisher)))?.data.toString('utf8');
  }
}
