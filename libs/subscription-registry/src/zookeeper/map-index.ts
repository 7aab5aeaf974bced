import { type Log, pause } from '@dbem/runtime';
import type { NodeData, ZooKeeperSession } from '@dbem/zookeeper';
import { forEachConcurrently } from '@dbem/zookeeper';
import { CreateMode } from 'node-zookeeper-client';
import { INDEX_ROOT, indexPath, publisherPath } from './paths';
import { decodePublisherIndex, encodePublisherIndex, labelOf, type PublisherIndex } from './publisher-index';

/** ± 50 % at random: of several managers, the first one saves, and the others find the index saved. */
const SAVE_PAUSE_MS = 3_000;
const PUBLISHERS_AT_ONCE = 4;
/** ZooKeeper accepts nodes up to 1 MiB. A publisher with a larger index has none and is read node by node. */
const MAX_INDEX_BYTES = 512 * 1024;

export interface MapIndexOptions {
  /** ms, ± 50 %. Default: 3,000. */
  readonly savePauseMs?: number | undefined;
}

/**
 * The contents of all subscriptions to a publisher in one node, so that a manager starts with three reads per publisher
 * instead of one read per subscription. Only a copy: it is valid while the publisher's node has the state named by its
 * label, and any manager can save it again. Failures to read or save it are logged; nothing waits for it. Why it is
 * correct: see `MapMirror`.
 *
 *   idle -offer, forget-> waiting -(pause over)-> saving -> idle, or waiting if there is more; any -stop-> stopped
 */
export class MapIndex {
  /** By publisher, the newest index to save; undefined: the publisher may have been removed. */
  private readonly due = new Map<string, PublisherIndex | undefined>();
  private isSaving = false;
  private isRootThere = false;
  private readonly stopping = new AbortController();

  constructor(
    private readonly session: ZooKeeperSession,
    private readonly log: Log,
    private readonly options: MapIndexOptions = {},
  ) {}

  /** Stops saving; for a session that has ended. */
  stop(): void {
    this.stopping.abort();
    this.due.clear();
  }

  /** The contents of the publisher's subscriptions, if there is an index with this label. */
  async contentsOf(publisher: string, label: string): Promise<PublisherIndex['contents'] | undefined> {
    try {
      const index = decoded(await this.session.getData(indexPath(publisher)));
      return index?.label === label ? index.contents : undefined;
    } catch (error) {
      this.log.debug({ err: error, publisher }, 'could not read the subscription index of a publisher');
      return undefined;
    }
  }

  /** Saves the index after the pause, if it is still valid and no other manager has saved it. */
  offer(publisher: string, index: PublisherIndex): void {
    this.saveLater(publisher, index);
  }

  /** Removes the index after the pause, if the publisher does not exist any more. */
  forget(publisher: string): void {
    this.saveLater(publisher, undefined);
  }

  private saveLater(publisher: string, index: PublisherIndex | undefined): void {
    if (this.stopping.signal.aborted) return;
    this.due.set(publisher, index);
    if (!this.isSaving) void this.saveDue();
  }

  private async saveDue(): Promise<void> {
    this.isSaving = true;
    while (this.due.size > 0) {
      await pause((this.options.savePauseMs ?? SAVE_PAUSE_MS) * (0.5 + Math.random()), this.stopping.signal);
      const due = [...this.due];
      this.due.clear();
      let failures = 0;
      let firstError: unknown;
      await forEachConcurrently(due, PUBLISHERS_AT_ONCE, async ([publisher, index]) => {
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

  /** Does nothing if another manager has written the node since `present` was read. */
  private async write(path: string, index: PublisherIndex, present: NodeData | undefined): Promise<void> {
    const data = encodePublisherIndex(index);
    if (data.length > MAX_INDEX_BYTES) {
      this.log.debug({ node: path, bytes: data.length }, 'a publisher index is too large and is not saved');
      return;
    }
    if (!this.isRootThere) await this.session.ensurePath(INDEX_ROOT);
    // A failed commit: another manager was faster, or the root has been removed.
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
