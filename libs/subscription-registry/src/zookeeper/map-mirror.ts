import { type Subscription, SubscriptionMap, serviceNameFault } from '@dbem/db-event';
import { type Log, pause } from '@dbem/runtime';
import type { NodeData, NodeFamily, ZooKeeperSession } from '@dbem/zookeeper';
import { forEachConcurrently } from '@dbem/zookeeper';
import type { MapIndex } from './map-index';
import { MAP_ROOT, MEMBERS_ROOT, publisherPath, subscriptionPath } from './paths';
import { labelOf } from './publisher-index';
import { contentOfNode, type SubscriptionContent, subscriptionOf } from './subscription-node';

/**
 * How many publishers are read at once, and how many subscriptions of each. More concurrent reads than these 256 made
 * the start slower, because the garbage collector and the client library's receive buffer had to process all of them
 * again and again.
 */
const PUBLISHERS_AT_ONCE = 4;
const SUBSCRIPTIONS_AT_ONCE = 64;
/**
 * Fewer subscriptions than this are read node by node: an index would not save reads, and would have to be maintained.
 */
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
 * Why a reported revision covers every change up to it: ZooKeeper delivers a watch's event before the response to any
 * later read in the same session that reflects the change. The revision is read first, so when its response arrives,
 * all changes up to it have marked what they touched as stale. The revision is reported when nothing is stale any more.
 *
 * A publisher's data is touched (rewritten unchanged) whenever a subscription's filter changes, so that one watch per
 * publisher is enough, instead of one per subscription.
 *
 * Why a publisher's index is as good as its nodes:
 *
 * - Its label names the state of the publisher's node that was read with the list of children, before the children were
 *   read. So the index has the contents of the nodes at that time or later.
 * - A manager that changes a subscription touches the publisher's data in the same transaction (a change by hand must
 *   do so, too). Creating or deleting a subscription, also by the Java original or by hand, changes the node's
 *   children. Either gives the node another label, and no label occurs twice. So nothing has changed while the node has
 *   the label: a subscription that was deleted and created again without a filter never gets its old filter.
 * - A change while the nodes are read, or before the index is saved, leaves an index with an outdated label, which no
 *   reader uses.
 * - A reader first reads the children and their label, then the index. After a change in between, either the index has
 *   another label, and the nodes are read, or it has the same label, and its contents are those of the label or newer,
 *   as with a node that is read then. In both cases the watches report the change before the response arrives, and
 *   everything is read again.
 * - The index is saved only if all nodes of the publisher were read: a filter that was known before may be older than
 *   the label.
 */
export class MapMirror {
  private map = SubscriptionMap.EMPTY;
  private isRevisionStale = true;
  private arePublishersStale = true;
  private readonly watchers = new Map<string, PublisherWatchers>();
  private readonly stalePublishers = new Map<string, 'members' | 'all'>();
  /** By publisher, how many children its node had created or deleted when they were last read. */
  private readonly childChanges = new Map<string, number>();
  private reading: Promise<void> | undefined;
  private readonly stopping = new AbortController();

  constructor(
    private readonly session: ZooKeeperSession,
    private readonly index: MapIndex,
    private readonly events: MirrorEvents,
    private readonly log: Log,
  ) {}

  /** Reads the whole map again, because watch events may have been missed. */
  reread(): void {
    this.isRevisionStale = true;
    this.arePublishersStale = true;
    for (const publisher of this.map.publisherNames()) this.stalePublishers.set(publisher, 'all');
    this.read();
  }

  /** Stops reading; for a session that has ended. */
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
    this.log.warn({ err: error }, 'could not read the subscription map; retrying');
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
      this.childChanges.delete(gone);
    }
    const known = new Set(this.map.publisherNames());
    for (const publisher of publishers) {
      if (!known.has(publisher)) this.stalePublishers.set(publisher, 'all');
    }
  }

  private async readStalePublishers(): Promise<void> {
    const stale = [...this.stalePublishers];
    this.stalePublishers.clear();
    await forEachConcurrently(stale, PUBLISHERS_AT_ONCE, async ([publisher, extent]) => {
      this.replace(publisher, await this.readSubscriptions(publisher, extent));
    });
  }

  /** `members`: subscribers were added or removed, but the filters of the others are known. */
  private async readSubscriptions(publisher: string, extent: 'members' | 'all'): Promise<Subscription[]> {
    const path = publisherPath(publisher);
    const watchers = this.watchersOf(publisher);
    // Both requests are sent at once; ZooKeeper responds to a session in the order of its requests.
    const [node, family] = await Promise.all([
      this.session.getData(path, watchers.onData),
      this.session.getFamily(path, watchers.onChildren),
    ]);
    if (node === undefined || family === undefined) {
      this.index.forget(publisher);
      return [];
    }
    const subscribers = family.children.filter((name) => this.isServiceName(name));
    const isKnown = extent === 'members' && !this.isAnyReplaced(publisher, family);
    this.childChanges.set(publisher, family.stat.cversion);
    if (isKnown) return this.readMembers(publisher, subscribers);
    if (subscribers.length < WORTH_AN_INDEX) return (await this.readNodes(publisher, subscribers)).subscriptions;
    const label = labelOf(family.stat);
    const indexed = await this.index.contentsOf(publisher, label);
    if (indexed !== undefined) return subscribers.map((name) => subscriptionOf(publisher, name, indexed.get(name)));
    const { subscriptions, contents } = await this.readNodes(publisher, subscribers);
    if (subscriptions.length === subscribers.length) this.index.offer(publisher, { label, contents });
    return subscriptions;
  }

  /** Whether a known subscription may have been deleted and created again. */
  private isAnyReplaced(publisher: string, { children, stat }: NodeFamily): boolean {
    const known = new Set(this.map.subscriptionsTo(publisher).map(({ subscriber }) => subscriber));
    const present = new Set(children);
    const created = children.filter((name) => !known.has(name)).length;
    const deleted = [...known].filter((name) => !present.has(name)).length;
    return stat.cversion - (this.childChanges.get(publisher) ?? 0) !== created + deleted;
  }

  private async readMembers(publisher: string, subscribers: readonly string[]): Promise<Subscription[]> {
    const known = subscribers.flatMap((name) => this.map.get(publisher, name) ?? []);
    const fresh = subscribers.filter((name) => this.map.get(publisher, name) === undefined);
    return [...known, ...(await this.readNodes(publisher, fresh)).subscriptions];
  }

  private async readNodes(publisher: string, subscribers: readonly string[]) {
    const subscriptions: Subscription[] = [];
    const contents = new Map<string, SubscriptionContent>();
    await forEachConcurrently(subscribers, SUBSCRIPTIONS_AT_ONCE, async (subscriber) => {
      const node = await this.session.getData(subscriptionPath(publisher, subscriber));
      if (node === undefined) return;
      const content = contentOfNode(node);
      contents.set(subscriber, content);
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

  /** Always the same functions: see `ZooKeeperSession.getData`. */
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
    if (fault !== undefined) this.log.warn({ name, fault }, 'ignored a node whose name is not a valid service name');
    return fault === undefined;
  }
}

/** @param node the result of reading `MEMBERS_ROOT`. */
export function revisionOf(node: NodeData | undefined): bigint {
  return node === undefined ? 0n : node.stat.mzxid.readBigInt64BE();
}
