import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { DbEventError, type Subscription, SubscriptionMap } from '@dbem/db-event';
import { Backoff, type Log, pause, SILENT_LOG } from '@dbem/runtime';
import type { NodeProtection } from '@dbem/zookeeper';
import { ZooKeeperSession } from '@dbem/zookeeper';
import { KnownMap, type PublisherReport } from '../known-map';
import {
  type Decided,
  type Decision,
  type Member,
  type RegistryHealth,
  SubscriptionRegistry,
} from '../subscription-registry.port';
import { closeNodes } from './close-nodes';
import { MapChanges } from './map-changes';
import { MapIndex } from './map-index';
import { MapMirror } from './map-mirror';
import { Membership } from './membership';
import { nextTerm } from './next-term';
import { MAP_ROOT, MEMBERS_ROOT } from './paths';

export interface ZooKeeperSubscriptionRegistryOptions {
  /** host:port, separated by commas, with an optional /chroot, which must exist. */
  readonly connectString: string;
  /** ZooKeeper's session timeout, ms; also how long changes wait for a dead manager. Default: 6,000. */
  readonly sessionTimeoutMs?: number;
  /** How long a change waits for all live managers, ms; more than the session timeout. Default: 15,000. */
  readonly rolloutTimeoutMs?: number;
  /** How long after reading a publisher's subscriptions their index is saved, ms, ± 50 %. Default: 3,000. */
  readonly indexPauseMs?: number;
  /** Default: none; everybody with access to ZooKeeper may change the map. */
  readonly protection?: NodeProtection | undefined;
  readonly log?: Log;
}

const REFRESH_CHECK_INTERVAL_MS = 10;

/** The objects that belong to one session and end with it. */
interface SessionParts {
  readonly session: ZooKeeperSession;
  readonly membership: Membership;
  readonly changes: MapChanges;
  readonly mirror: MapMirror;
}

/**
 * The map in ZooKeeper, with a copy in memory to route by.
 *
 *   idle -start-> loading -> ready <-> degraded (disconnected; routing from memory, changes rejected)
 *   ready | degraded -(session ended)-> degraded, new session: join and read the map again -> ready
 *   any -stop-> stopped
 */
export class ZooKeeperSubscriptionRegistry extends SubscriptionRegistry {
  private readonly known = new KnownMap();
  private parts: SessionParts | undefined;
  private readonly hasJoined = new WeakSet<SessionParts>();
  /** The map as far as the current session has read it. */
  private stagedMap: SubscriptionMap | undefined;
  private status: RegistryHealth['status'] = 'loading';
  private sinceMs = Date.now();
  private lastFault: string | undefined;
  private sessions = 0;
  private reconnects = 0;
  private markLoaded: () => void = () => {};
  private readonly firstLoad = new Promise<void>((resolve) => {
    this.markLoaded = resolve;
  });
  private readonly listeners = new Set<(map: SubscriptionMap) => void>();
  private readonly stopping = new AbortController();
  private readonly memberId = `${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}`;
  private readonly startedAtMs = Date.now();
  private readonly reconnectBackoff = new Backoff({ initialMs: 200, maxMs: 5_000 });
  private readonly log: Log;

  constructor(private readonly options: ZooKeeperSubscriptionRegistryOptions) {
    super();
    this.log = options.log ?? SILENT_LOG;
  }

  async start(): Promise<void> {
    if (this.parts === undefined && !this.stopping.signal.aborted) this.openSession();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    this.parts?.mirror.stop();
    this.parts?.session.close();
    this.parts = undefined;
    this.become('stopped');
  }

  loaded(): Promise<void> {
    return this.firstLoad;
  }

  get map(): SubscriptionMap {
    return this.known.current;
  }

  onChange(listener: (map: SubscriptionMap) => void): () => void {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }

  get selfId(): string {
    return this.memberId;
  }

  report(publisher: string): PublisherReport {
    return { publisher, revision: this.known.revision, subscriptions: this.map.subscriptionsTo(publisher) };
  }

  learn(report: PublisherReport): void {
    this.changeMap(() => this.known.learn(report));
  }

  async refresh(): Promise<void> {
    const parts = this.readyParts();
    await parts.membership.affirm();
    const revision = await parts.changes.revision();
    const deadline = Date.now() + this.rolloutTimeoutMs;
    while (this.parts === parts && this.known.revision < revision && Date.now() < deadline) {
      await pause(REFRESH_CHECK_INTERVAL_MS, this.stopping.signal);
    }
    if (this.readyParts() !== parts || this.known.revision < revision) {
      throw new DbEventError('MAP_UNAVAILABLE', 'The subscription map could not be read in time; try again', {
        retryable: true,
      });
    }
  }

  async nextTerm(): Promise<number> {
    return nextTerm(this.readyParts().session);
  }

  async members(): Promise<Member[]> {
    return this.readyParts().membership.list();
  }

  health(): RegistryHealth {
    const { status, sinceMs, lastFault, reconnects } = this;
    return { status, sinceMs, reconnects, ...(lastFault !== undefined && { lastFault }) };
  }

  protected async change(
    publisher: string,
    subscriber: string,
    decide: (present: Subscription | undefined) => Decision,
  ): Promise<Decided> {
    const { changes, membership } = this.readyParts();
    const decided = await changes.change(publisher, subscriber, decide);
    await membership.waitForRollout(await changes.revision(), this.rolloutTimeoutMs);
    return decided;
  }

  private get rolloutTimeoutMs(): number {
    return this.options.rolloutTimeoutMs ?? 15_000;
  }

  private readyParts(): SessionParts {
    if (this.parts === undefined || this.status !== 'ready') {
      throw new DbEventError(
        'MAP_UNAVAILABLE',
        `The subscription map is ${this.status} and can't be read or changed now (${this.lastFault ?? 'no known fault'})`,
        { retryable: true },
      );
    }
    return this.parts;
  }

  private openSession(): void {
    this.sessions += 1;
    const session = new ZooKeeperSession(
      this.options.connectString,
      this.options.sessionTimeoutMs ?? 6_000,
      {
        onConnected: () => void this.join(parts),
        onDisconnected: () => this.degrade('disconnected from ZooKeeper'),
        onEnded: (reason) => void this.replaceSession(parts, reason),
      },
      this.options.protection,
    );
    const membership = new Membership(session, {
      // An abandoned session may keep its node for a while, so each session uses a name of its own.
      id: `${this.memberId}.${this.sessions}`,
      startedAtMs: this.startedAtMs,
      host: hostname(),
      pid: process.pid,
    });
    const mirror = new MapMirror(
      session,
      new MapIndex(session, this.log, { savePauseMs: this.options.indexPauseMs }),
      {
        onMap: (map) => this.stage(parts, map),
        onRevision: (revision) => this.adopt(parts, revision),
      },
      this.log,
    );
    const parts: SessionParts = { session, membership, mirror, changes: new MapChanges(session) };
    this.parts = parts;
    this.stagedMap = undefined;
  }

  /** Becomes a member first, then reads the map, so that no change can be missed. */
  private async join(parts: SessionParts): Promise<void> {
    try {
      const isNew = !this.hasJoined.has(parts);
      if (isNew) {
        await parts.session.ensurePath(MAP_ROOT);
        await parts.session.ensurePath(MEMBERS_ROOT);
        await parts.membership.join();
        this.hasJoined.add(parts);
      }
      parts.mirror.reread();
      // In parallel with reading: checking each node takes longer than reading the map from its index.
      if (isNew && this.options.protection?.nodes === 'closed') await closeNodes(parts.session, this.log);
    } catch (error) {
      this.log.warn({ err: error }, 'could not join the members of the subscription map');
      parts.session.close();
    }
  }

  /** Until a session's first complete read, the map of the previous session is used for routing. */
  private stage(parts: SessionParts, map: SubscriptionMap): void {
    if (this.parts !== parts) return;
    this.stagedMap = map;
    if (this.status === 'ready') this.changeMap(() => this.known.stage(map));
  }

  private async adopt(parts: SessionParts, revision: bigint): Promise<void> {
    if (this.parts !== parts) return;
    this.changeMap(() => this.known.adopt(this.stagedMap ?? SubscriptionMap.EMPTY, revision));
    await parts.membership.advance(revision);
    this.reconnectBackoff.reset();
    if (this.status !== 'ready') {
      if (this.status === 'degraded') this.reconnects += 1;
      this.become('ready');
      this.log.info({ subscriptions: this.map.size, revision: String(revision) }, 'the subscription map is current');
    }
    this.markLoaded();
  }

  private changeMap(change: () => void): void {
    const before = this.map;
    change();
    if (this.map === before) return;
    for (const listener of this.listeners) listener(this.map);
  }

  private async replaceSession(parts: SessionParts, reason: string): Promise<void> {
    if (this.parts !== parts || this.stopping.signal.aborted) return;
    this.degrade(reason);
    parts.mirror.stop();
    this.parts = undefined;
    await pause(this.reconnectBackoff.next(), this.stopping.signal);
    if (!this.stopping.signal.aborted) this.openSession();
  }

  private degrade(reason: string): void {
    if (this.stopping.signal.aborted) return;
    this.lastFault = reason;
    if (this.status === 'ready') {
      this.become('degraded');
      this.log.warn({ reason }, 'the subscription map is degraded: routing from memory, changes are rejected');
    }
  }

  private become(status: RegistryHealth['status']): void {
    this.status = status;
    this.sinceMs = Date.now();
  }
}
