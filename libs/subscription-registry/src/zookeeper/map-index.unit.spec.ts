import { type Log, SILENT_LOG } from '@dbem/platform';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MapIndex } from './map-index';
import { decodePublisherIndex, encodePublisherIndex, labelOf } from './publisher-index';
import type { NodeData, ZooKeeperSession } from './zookeeper-session';

const PUBLISHER = '/db-event-mgr/user.profile';
const INDEX = '/db-event-mgr-index/user.profile';

/** A tree of nodes in memory, as far as the index needs one. */
class FakeSession {
  readonly rights = [];
  readonly nodes = new Map<string, NodeData>();
  readonly commits: string[] = [];
  fault: Error | undefined;
  private zxid = 0;

  put(path: string, data: Buffer): void {
    this.zxid += 1;
    const version = (this.nodes.get(path)?.stat.version ?? -1) + 1;
    const stat = { mzxid: longOf(this.zxid), pzxid: longOf(1), version } as unknown as NodeData['stat'];
    this.nodes.set(path, { data, stat });
  }

  async getData(path: string): Promise<NodeData | undefined> {
    if (this.fault !== undefined) throw this.fault;
    return this.nodes.get(path);
  }

  async ensurePath(): Promise<void> {}

  async commit(describe: (transaction: object) => void): Promise<boolean> {
    describe({
      create: (path: string, data: Buffer) => this.change('create', path, () => this.put(path, data)),
      setData: (path: string, data: Buffer) => this.change('setData', path, () => this.put(path, data)),
      remove: (path: string) => this.change('remove', path, () => this.nodes.delete(path)),
    });
    return true;
  }

  private change(kind: string, path: string, make: () => void): void {
    this.commits.push(`${kind} ${path}`);
    make();
  }
}

describe('MapIndex', () => {
  let session: FakeSession;
  let index: MapIndex;

  beforeEach(() => {
    vi.useFakeTimers();
    session = new FakeSession();
    session.put(PUBLISHER, Buffer.from('user.profile'));
    index = new MapIndex(session as unknown as ZooKeeperSession, SILENT_LOG);
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

  it('saves nothing at once, and after a pause the newest of what it was offered, in one go', async () => {
    offer(current(), 'first');
    offer(current(), 'second');
    await vi.advanceTimersByTimeAsync(1_400);
    expect(session.commits).toEqual([]);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(session.commits).toEqual([`create ${INDEX}`]);
    expect(saved()).toEqual(['second']);
  });

  it('leaves alone what another manager has saved of the same state', async () => {
    offer(current(), 'mine');
    session.put(INDEX, encodePublisherIndex({ label: current(), contents: new Map([['theirs', {}]]) }));
    await vi.advanceTimersByTimeAsync(5_000);
    expect(session.commits).toEqual([]);
  });

  it('takes the place of what is old, or can’t be understood', async () => {
    session.put(INDEX, Buffer.from('?'));
    offer(current(), 'mine');
    await vi.advanceTimersByTimeAsync(5_000);
    expect(saved()).toEqual(['mine']);
    session.put(PUBLISHER, Buffer.from('user.profile'));
    offer(current(), 'newer');
    await vi.advanceTimersByTimeAsync(5_000);
    expect(saved()).toEqual(['newer']);
  });

  it('does not save what has ceased to be true', async () => {
    offer(current(), 'old');
    session.put(PUBLISHER, Buffer.from('user.profile'));
    await vi.advanceTimersByTimeAsync(5_000);
    expect(session.commits).toEqual([]);
  });

  it('removes the index of a publisher that is gone, and of no other', async () => {
    session.put(INDEX, Buffer.from('?'));
    index.forget('user.profile');
    await vi.advanceTimersByTimeAsync(5_000);
    expect(session.commits).toEqual([]);
    session.nodes.delete(PUBLISHER);
    index.forget('user.profile');
    await vi.advanceTimersByTimeAsync(5_000);
    expect(session.commits).toEqual([`remove ${INDEX}`]);
  });

  it('saves nothing once it is stopped', async () => {
    offer(current(), 'offered.before');
    index.stop();
    offer(current(), 'offered.after');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(session.commits).toEqual([]);
  });

  it('saves what it is offered after a failure, which it says once for all publishers', async () => {
    const warnings: object[] = [];
    const log: Log = { ...SILENT_LOG, warn: (details) => warnings.push(details) };
    index = new MapIndex(session as unknown as ZooKeeperSession, log);
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

  it('is not read while it cannot be', async () => {
    session.put(INDEX, encodePublisherIndex({ label: current(), contents: new Map() }));
    expect(await index.contentsOf('user.profile', current())).toEqual(new Map());
    expect(await index.contentsOf('user.profile', 'another/label')).toBeUndefined();
    session.fault = new Error('no right to read');
    expect(await index.contentsOf('user.profile', current())).toBeUndefined();
  });
});

function longOf(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(value));
  return bytes;
}
