import { type Subscription, SubscriptionMap, serviceNameFault } from '@dbem/db-event';
import { type Log, pause } from '@dbem/runtime';
import type { NodeData, ZooKeeperSession } from '@dbem/zookeeper';
import { eachOf } from '@dbem/zookeeper';
import type { MapIndex } from './map-index';
import { MAP_ROOT, MEMBERS_ROOT, publisherPath, subscriptionPath } from './paths';
import { labelOf } from './publisher-index';
import { contentOfNode, type SubscriptionContent, subscriptionOf } from './subscription-node';

/**
 * How many publishers are read at once, and how many subscriptions of each. Far more reads under way than these (256) made a start
 * slower: the garbage collector went through all of them again and again, and so did the client library with what it had received.
 */
const PUBLISHERS_AT_ONCE = 4;
const SUBSCRIPTIONS_AT_ONCE = 64;
/** Fewer subscriptions than these are read node by node: an index would be as much to read, and more to keep. */
const WORTH_AN_INDEX = 8;
const RETRY_PAUSE_MS = 500;

export interface MirrorEvents {
  onMap(map: SubscriptionMap): void;
  /** Every change up to this revision is in the map. */
  onRevision(revision: bigint): Promise<void>;
}

interface PublisherWatchers {
  readonly onData: () => void;
  readonly onChildren: () => void;
}

/**
 * Reads the map within one session and keeps it current through watches.
 *
 * Why a revision that was reported covers every change up to it: a watch's event arrives before the answer to any read
 * that was asked later on the same session and reflects the change. So the revision is read first; all changes up to it
 * have marked what they touched by the time its answer is here; and it is reported when nothing marked is left unread.
 *
 * A publisher's data is touched (with what it was) whenever a subscription's filter changes, so that one watch a publisher
 * is enough, instead of one a subscription.
 *
 * Why a publisher's index is as good as its nodes. Its label names the state of the publisher's node that was read together with
 * the list of children, before their nodes were; so what it holds is what the nodes said then or later. A manager that changes a
 * subscription touches the publisher's data in the same transaction (who does it by hand must do so too); who makes or deletes one,
 * also an old manager or somebody by hand, changes its children. Either gives the node another label, and no label comes twice. So as
 * long as the node has that label nothing has changed: a subscription that was deleted and made anew as a plain one is never given
 * its old filter. A change while the nodes are read, or before what was read is saved, leaves an index that nobody takes for valid.
 * A reader goes by the label of the children that it has read, and asks for the index afterwards. If there was a change in between,
 * the index has another label by now, and the nodes are read; or it has that label, and holds what was true of it, or is newer, as
 * a node that is read then may be. In both cases the watches tell of the change before the answer is here, and all is read again.
 * Only a publisher whose nodes were all read is saved: a filter that was known before may be older than the label.
 */
export class MapMirror {
  private map = SubscriptionMap.EMPTY;
  private isRevisionStale = true;
  private arePublishersStale = true;
  private readonly watchers = new Map<string, PublisherWatchers>();
  private readonly stalePublishers = new Map<string, 'members' | 'all'>();
  private reading: Promise<void> | undefined;
  private readonly stopping = new AbortController();

  constructor(
    private readonly session: ZooKeeperSession,
    private readonly index: MapIndex,
    private readonly events: MirrorEvents,
    private readonly log: Log,
  ) {}

  /** All of it must be read again: watches may have been missed. */
  reread(): void {
    this.isRevisionStale = true;
    this.arePublishersStale = true;
    for (const publisher of this.map.publisherNames()) this.stalePublishers.set(publisher, 'all');
    this.read();
  }

  /** Reads nothing any more; for a session that is over. */
  stop(): void {
    this.stopping.abort();
    this.index.stop();
  }

  private read(): void {
    if (this.stopping.signal.aborted) return;
    this.reading ??= this.readWhileStale()
      .catch((error: unknown) => this.rereadLater(error))
      .finally(() => {
        this.reading = undefined;
      });
  }

  private async rereadLater(error: unknown): Promise<void> {
    if (this.stopping.signal.aborted) return;
    this.log.warn({ err: error }, 'could not read the subscription map; trying again');
    await pause(RETRY_PAUSE_MS, this.stopping.signal);
    setImmediate(() => this.reread());
  }

  private async readWhileStale(): Promise<void> {
    let revision: bigint | undefined;
    while (this.isRevisionStale || this.arePublishersStale || this.stalePublishers.size > 0) {
      if (this.isRevisionStale) revision = await this.readRevision();
      if (this.arePublishersStale) await this.readPublishers();
      await this.readStalePublishers();
      const isCurrent = !this.isRevisionStale && !this.arePublishersStale && this.stalePublishers.size === 0;
      if (isCurrent && revision !== undefined) await this.events.onRevision(revision);
    }
  }

  private async readRevision(): Promise<bigint> {
    this.isRevisionStale = false;
    return revisionOf(await this.session.getData(MEMBERS_ROOT, this.onRevisionChanged));
  }

  private async readPublishers(): Promise<void> {
    this.arePublishersStale = false;
    const found = await this.session.getChildren(MAP_ROOT, this.onPublishersChanged);
    const publishers = new Set(found?.filter((name) => this.isServiceName(name)));
    for (const gone of this.map.publisherNames().filter((name) => !publishers.has(name))) {
      this.replace(gone, []);
      this.watchers.delete(gone);
    }
    const known = new Set(this.map.publisherNames());
    for (const publisher of publishers) {
      if (!known.has(publisher)) this.stalePublishers.set(publisher, 'all');
    }
  }

  private async readStalePublishers(): Promise<void> {
    const stale = [...this.stalePublishers];
    this.stalePublishers.clear();
    await eachOf(stale, PUBLISHERS_AT_ONCE, async ([publisher, extent]) => {
      this.replace(publisher, await this.readSubscriptions(publisher, extent));
    });
  }

  /** `members`: only who came and went; the filters of those that stayed are known. */
  private async readSubscriptions(publisher: string, extent: 'members' | 'all'): Promise<Subscription[]> {
    const path = publisherPath(publisher);
    const watchers = this.watchersOf(publisher);
    // Both leave at once; ZooKeeper answers a session in the order in which it asks.
    const [node, family] = await Promise.all([
      this.session.getData(path, watchers.onData),
      this.session.getFamily(path, watchers.onChildren),
    ]);
    if (node === undefined || family === undefined) {
      this.index.forget(publisher);
      return [];
    }
    const subscribers = family.children.filter((name) => this.isServiceName(name));
    if (extent === 'members') return this.readMembers(publisher, subscribers);
    if (subscribers.length < WORTH_AN_INDEX) return (await this.readNodes(publisher, subscribers)).subscriptions;
    const label = labelOf(family.stat);
    const indexed = await this.index.contentsOf(publisher, label);
    if (indexed !== undefined) return subscribers.map((name) => subscriptionOf(publisher, name, indexed.get(name)));
    const { subscriptions, contents } = await this.readNodes(publisher, subscribers);
    if (subscriptions.length === subscribers.length) this.index.offer(publisher, { label, contents });
    return subscriptions;
  }

  private async readMembers(publisher: string, subscribers: readonly string[]): Promise<Subscription[]> {
    const known = subscribers.flatMap((name) => this.map.get(publisher, name) ?? []);
    const fresh = subscribers.filter((name) => this.map.get(publisher, name) === undefined);
    return [...known, ...(await this.readNodes(publisher, fresh)).subscriptions];
  }

  private async readNodes(publisher: string, subscribers: readonly string[]) {
    const subscriptions: Subscription[] = [];
    const contents = new Map<string, SubscriptionContent>();
    await eachOf(subscribers, SUBSCRIPTIONS_AT_ONCE, async (subscriber) => {
      const node = await this.session.getData(subscriptionPath(publisher, subscriber));
      if (node === undefined) return;
      const content = contentOfNode(node.data);
      if (content !== undefined) contents.set(subscriber, content);
      subscriptions.push(subscriptionOf(publisher, subscriber, content));
    });
    return { subscriptions, contents };
  }

  private readonly onRevisionChanged = (): void => {
    this.isRevisionStale = true;
    this.read();
  };

  private readonly onPublishersChanged = (): void => {
    this.arePublishersStale = true;
    this.read();
  };

  /** The same ones each time: see `ZooKeeperSession.getData`. */
  private watchersOf(publisher: string): PublisherWatchers {
    let watchers = this.watchers.get(publisher);
    if (watchers === undefined) {
      watchers = {
        onData: () => this.markStale(publisher, 'all'),
        onChildren: () => this.markStale(publisher, 'members'),
      };
      this.watchers.set(publisher, watchers);
    }
    return watchers;
  }

  private markStale(publisher: string, extent: 'members' | 'all'): void {
    if (this.stalePublishers.get(publisher) !== 'all') this.stalePublishers.set(publisher, extent);
    this.read();
  }

  private replace(publisher: string, subscriptions: Subscription[]): void {
    this.map = this.map.withPublisher(publisher, subscriptions);
    this.events.onMap(this.map);
  }

  private isServiceName(name: string): boolean {
    const fault = serviceNameFault(name);
    if (fault !== undefined) this.log.warn({ name, fault }, 'passed over a node whose name is no service’s');
    return fault === undefined;
  }
}

/** The revision that a read of `MEMBERS_ROOT` shows. */
export function revisionOf(node: NodeData | undefined): bigint {
  return node === undefined ? 0n : node.stat.mzxid.readBigInt64BE();
}
