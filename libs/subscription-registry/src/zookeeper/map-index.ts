import { type Log, pause } from '@dbem/runtime';
import type { NodeData, ZooKeeperSession } from '@dbem/zookeeper';
import { eachOf } from '@dbem/zookeeper';
import { CreateMode } from 'node-zookeeper-client';
import { INDEX_ROOT, indexPath, publisherPath } from './paths';
import { decodePublisherIndex, encodePublisherIndex, labelOf, type PublisherIndex } from './publisher-index';

/** Drawn between half of it and one and a half: of several managers the first one saves, and the others find it done. */
const SAVE_PAUSE_MS = 3_000;
const PUBLISHERS_AT_ONCE = 4;
/** ZooKeeper takes a node of at most 1 MiB. A publisher whose index were larger has none, and is read node by node. */
const MAX_INDEX_BYTES = 512 * 1024;

export interface MapIndexOptions {
  /** Default: 3,000. */
  readonly savePauseMs?: number | undefined;
}

/**
 * What subscriptions say, a node a publisher, so that a manager starts with three reads a publisher instead of one a subscription.
 * Only a copy: it counts as long as the publisher's node is as its label says, and any manager makes it anew. A failure to read
 * or to save it is logged, and nobody waits for it. Why it is right: see `MapMirror`.
 *
 *   idle -offer, forget-> waiting -(the pause is over)-> saving -> idle, or waiting for what came meanwhile; any -stop-> stopped
 */
export class MapIndex {
  /** By publisher, the newest that was read; undefined: it may be gone. */
  private readonly due = new Map<string, PublisherIndex | undefined>();
  private isSaving = false;
  private isRootThere = false;
  private readonly stopping = new AbortController();

  constructor(
    private readonly session: ZooKeeperSession,
    private readonly log: Log,
    private readonly options: MapIndexOptions = {},
  ) {}

  /** Saves nothing any more; for a session that is over. */
  stop(): void {
    this.stopping.abort();
    this.due.clear();
  }

  /** What the publisher's subscriptions say, if there is an index of that state. */
  async contentsOf(publisher: string, label: string): Promise<PublisherIndex['contents'] | undefined> {
    try {
      const index = decoded(await this.session.getData(indexPath(publisher)));
      return index?.label === label ? index.contents : undefined;
    } catch (error) {
      this.log.debug({ err: error, publisher }, 'could not read the index of a publisher’s subscriptions');
      return undefined;
    }
  }

  /** Saves it after a while, if it is still true then and nobody else has saved it. */
  offer(publisher: string, index: PublisherIndex): void {
    this.saveLater(publisher, index);
  }

  /** Removes the index after a while, if there is no such publisher any more. */
  forget(publisher: string): void {
    this.saveLater(publisher, undefined);
  }

  private saveLater(publisher: string, index: PublisherIndex | undefined): void {
    if (this.stopping.signal.aborted) return;
    this.due.set(publisher, index);
    if (!this.isSaving) void this.saveWhatIsDue();
  }

  private async saveWhatIsDue(): Promise<void> {
    this.isSaving = true;
    while (this.due.size > 0) {
      await pause((this.options.savePauseMs ?? SAVE_PAUSE_MS) * (0.5 + Math.random()), this.stopping.signal);
      const due = [...this.due];
      this.due.clear();
      let failures = 0;
      let firstError: unknown;
      await eachOf(due, PUBLISHERS_AT_ONCE, async ([publisher, index]) => {
        try {
          await this.save(publisher, index);
        } catch (error) {
          if (failures === 0) firstError = error;
          failures += 1;
        }
      });
      if (failures > 0 && !this.stopping.signal.aborted) {
        this.log.warn({ err: firstError, publishers: failures }, 'could not save the index of the subscription map');
      }
    }
    this.isSaving = false;
  }

  private async save(publisher: string, index: PublisherIndex | undefined): Promise<void> {
    if (this.stopping.signal.aborted) return;
    const path = indexPath(publisher);
    const [node, present] = await Promise.all([
      this.session.getData(publisherPath(publisher)),
      this.session.getData(path),
    ]);
    if (this.stopping.signal.aborted) return;
    if (node === undefined) await this.remove(path, present);
    else if (index?.label === labelOf(node.stat) && decoded(present)?.label !== index.label) {
      await this.write(path, index, present);
    }
  }

  /** If somebody else has written since `present` was read, that stays. */
  private async write(path: string, index: PublisherIndex, present: NodeData | undefined): Promise<void> {
    const data = encodePublisherIndex(index);
    if (data.length > MAX_INDEX_BYTES) {
      this.log.debug({ node: path, bytes: data.length }, 'too large for an index');
      return;
    }
    if (!this.isRootThere) await this.session.ensurePath(INDEX_ROOT);
    // Refused: somebody else was faster, or has removed the root.
    this.isRootThere = await this.session.commit((transaction) => {
      if (present === undefined) transaction.create(path, data, this.session.rights, CreateMode.PERSISTENT);
      else transaction.setData(path, data, present.stat.version);
    });
  }

  private async remove(path: string, present: NodeData | undefined): Promise<void> {
    if (present === undefined) return;
    await this.session.commit((transaction) => {
      transaction.remove(path, present.stat.version);
    });
  }
}

function decoded(node: NodeData | undefined): PublisherIndex | undefined {
  return node && decodePublisherIndex(node.data);
}
