import { type Log, SILENT_LOG } from '@dbem/runtime';
import type { NodeData, ZooKeeperSession } from '@dbem/zookeeper';
import type { Transaction } from 'node-zookeeper-client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { standIn } from '../../../../test/support/doubles/stand-in';
import { statOf } from '../../../../test/support/doubles/zookeeper-stat';
import { MapIndex } from './map-index';
import { decodePublisherIndex, encodePublisherIndex, labelOf } from './publisher-index';

const PUBLISHER = '/db-event-mgr/user.profile';
const INDEX = '/db-event-mgr-index/user.profile';

/** An in-memory tree of nodes with the operations that the index uses. */
class FakeSession {
  readonly rights = [];
  readonly nodes = new Map<string, NodeData>();
  readonly commits: string[] = [];
  fault: Error | undefined;
  private zxid = 0n;

  put(path: string, data: Buffer): void {
    this.zxid += 1n;
    const version = (this.nodes.get(path)?.stat.version ?? -1) + 1;
    this.nodes.set(path, { data, stat: statOf({ mzxid: this.zxid, version }) });
  }

  async getData(path: string): Promise<NodeData | undefined> {
    if (this.fault !== undefined) throw this.fault;
    return this.nodes.get(path);
  }

  async ensurePath(): Promise<void> {}

  async commit(describe: (transaction: Transaction) => void): Promise<boolean> {
    const change = (kind: string, path: string, make: () => void) => {
      this.commits.push(`${kind} ${path}`);
      make();
      return transaction;
    };
    const transaction: Transaction = standIn<Transaction>({
      create: (path: string, data: Buffer) => change('create', path, () => this.put(path, data)),
      setData: (path: string, data: Buffer) => change('setData', path, () => this.put(path, data)),
      remove: (path: string) => change('remove', path, () => this.nodes.delete(path)),
    });
    describe(transaction);
    return true;
  }
}

describe('MapIndex', () => {
  let session: FakeSession;
  let index: MapIndex;

  beforeEach(() => {
    vi.useFakeTimers();
    session = new FakeSession();
    session.put(PUBLISHER, Buffer.from('user.profile'));
    index = new MapIndex(standIn<ZooKeeperSession>(session), SILENT_LOG);
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  const current = () => labelOf((session.nodes.get(PUBLISHER) as NodeData).stat);
  const offer = (label: string, ...subscribers: string[]) =>
    index.offer('user.profile', { label, contents: new Map(subscribers.map((name) => [name, {}])) });
  const saved = () => {
    const node = session.nodes.get(INDEX);
    return node && [...(decodePublisherIndex(node.data)?.contents.keys() ?? [])];
  };

  it('The map index saves the newest contents that were offered, once, after a pause', async () => {
    offer(current(), 'first');
    offer(current(), 'second');
    await vi.advanceTimersByTimeAsync(1_400);
    expect(session.commits).toEqual([]);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(session.commits).toEqual([`create ${INDEX}`]);
    expect(saved()).toEqual(['second']);
  });

  it('The map index does not overwrite what another manager saved of the same state', async () => {
    offer(current(), 'mine');
    session.put(INDEX, encodePublisherIndex({ label: current(), contents: new Map([['theirs', {}]]) }));
    await vi.advanceTimersByTimeAsync(5_000);
    expect(session.commits).toEqual([]);
  });

  it('The map index replaces a saved index that is outdated or unreadable', async () => {
    session.put(INDEX, Buffer.from('?'));
    offer(current(), 'mine');
    await vi.advanceTimersByTimeAsync(5_000);
    expect(saved()).toEqual(['mine']);
    session.put(PUBLISHER, Buffer.from('user.profile'));
    offer(current(), 'newer');
    await vi.advanceTimersByTimeAsync(5_000);
    expect(saved()).toEqual(['newer']);
  });

  it('The map index does not save contents that are outdated after the pause', async () => {
    offer(current(), 'old');
    session.put(PUBLISHER, Buffer.from('user.profile'));
    await vi.advanceTimersByTimeAsync(5_000);
    expect(session.commits).toEqual([]);
  });

  it('The map index removes the index of a deleted publisher, and of no other', async () => {
    session.put(INDEX, Buffer.from('?'));
    index.forget('user.profile');
    await vi.advanceTimersByTimeAsync(5_000);
    expect(session.commits).toEqual([]);
    session.nodes.delete(PUBLISHER);
    index.forget('user.profile');
    await vi.advanceTimersByTimeAsync(5_000);
    expect(session.commits).toEqual([`remove ${INDEX}`]);
  });

  it('The map index saves nothing after a stop', async () => {
    offer(current(), 'offered.before');
    index.stop();
    offer(current(), 'offered.after');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(session.commits).toEqual([]);
  });

  it('The map index saves again after a failure, which it logs once for all publishers', async () => {
    const warnings: object[] = [];
    const log: Log = { ...SILENT_LOG, warn: (details) => warnings.push(details) };
    index = new MapIndex(standIn<ZooKeeperSession>(session), log);
    session.fault = new Error('the connection is lost');
    offer(current(), 'lost');
    index.forget('tenant');
    await vi.advanceTimersByTimeAsync(5_000);
    expect(warnings).toEqual([{ err: session.fault, publishers: 2 }]);
    session.fault = undefined;
    offer(current(), 'saved');
    await vi.advanceTimersByTimeAsync(5_000);
    expect(saved()).toEqual(['saved']);
  });

  it('The map index returns no contents of another label, nor when it can’t be read', async () => {
    session.put(INDEX, encodePublisherIndex({ label: current(), contents: new Map() }));
    expect(await index.contentsOf('user.profile', current())).toEqual(new Map());
    expect(await index.contentsOf('user.profile', 'another/label')).toBeUndefined();
    session.fault = new Error('no right to read');
    expect(await index.contentsOf('user.profile', current())).toBeUndefined();
  });
});
