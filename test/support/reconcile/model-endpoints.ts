import { Clock, ReplicaEndpoint, SourceEndpoint, Throttle } from '@dbem/reconcile';
import type { KeyRange, Orphan, RangeDigest, ReadState, RowDigest, RowToSend } from '@dbem/transport';
import { IDS, type ModelWorld, type Stamp } from './model-world';

/** The endpoints, clock and throttle of a run in a model world; each call lets other things happen in that world. */
export function endpointsOf(world: ModelWorld) {
  return {
    source: new ModelSource(world),
    replica: new ModelReplica(world),
    clock: new ModelClock(world),
    throttle: new ModelThrottle(world),
  };
}

class ModelClock extends Clock {
  constructor(private readonly world: ModelWorld) {
    super();
  }

  now(): number {
    return this.world.nowMs;
  }

  async pause(ms: number): Promise<void> {
    this.world.nowMs += ms;
    this.world.step(3);
  }
}

class ModelThrottle extends Throttle {
  constructor(private readonly world: ModelWorld) {
    super();
  }

  async admit(): Promise<void> {}
  /** Random, because the result is only an estimate. */
  async isClear(): Promise<boolean> {
    return this.world.draw(2) === 0;
  }
}

class ModelSource extends SourceEndpoint {
  constructor(private readonly world: ModelWorld) {
    super();
  }

  async describe() {
    this.world.step();
    return { rows: this.world.sourceRows.size, newestVersion: String(this.world.lastVersion) };
  }

  async split(_fields: readonly string[], range: KeyRange, rows: number, limit: number) {
    this.world.step();
    this.world.stamp(within(IDS, range));
    // Few rows per range, so that a few dozen entities make many ranges.
    const size = Math.min(rows, 7);
    const ids = within(IDS, range).filter((id) => this.world.sourceRows.has(id));
    const ranges: RangeDigest[] = [];
    let after = range.after;
    for (let start = 0; start < ids.length && ranges.length < limit; start += size) {
      const part = ids.slice(start, start + size);
      const to = start + size >= ids.length ? range.to : (part.at(-1) as string);
      ranges.push({ after, to, rows: part.length, digest: this.world.digestOf(part, 'source') });
      after = to;
    }
    if (ranges.length === 0) ranges.push({ ...range, rows: 0, digest: this.world.digestOf([], 'source') });
    return { ranges, isEnd: limit * size >= ids.length };
  }

  async rows(_fields: readonly string[], range: KeyRange): Promise<RowDigest[]> {
    this.world.step();
    return within(IDS, range)
      .filter((id) => this.world.sourceRows.has(id))
      .map((entityId) => ({ entityId, digest: this.world.digestOf([entityId], 'source') }));
  }

  async readStates(_fields: readonly string[], entityIds: readonly string[]): Promise<ReadState[]> {
    this.world.step();
    return entityIds.map((id) => stateOf(id, this.world.sourceVersions.get(id), this.world.sourceRows.get(id)));
  }

  async sendRange(range: KeyRange) {
    const ids = within(IDS, range);
    this.world.step();
    this.world.stamp(ids);
    return { ...this.world.send(ids.map((entityId) => ({ entityId }))), last: null };
  }

  async sendRows(rows: readonly RowToSend[]) {
    this.world.step();
    this.world.stamp(rows.map(({ entityId }) => entityId));
    for (const { entityId, outrank } of rows) if (outrank !== undefined) this.world.outrank(entityId, BigInt(outrank));
    const number = this.world.nextVersion();
    // Between generating the number and reading the snapshot.
    this.world.step();
    return this.world.send(rows, number);
  }

  async deleteOrphans(_fields: readonly string[], orphans: readonly Orphan[]) {
    this.world.step();
    return this.world.deleteOrphans(orphans.map(({ entityId }) => entityId));
  }
}

class ModelReplica extends ReplicaEndpoint {
  constructor(private readonly world: ModelWorld) {
    super();
  }

  async describe() {
    this.world.step();
    return { fields: ['state'] };
  }

  async digest(_fields: readonly string[], ranges: readonly KeyRange[]): Promise<RangeDigest[]> {
    return ranges.map((range) => {
      this.world.step();
      const ids = within(IDS, range).filter((id) => this.world.isInReplica(id));
      return { after: range.after, to: range.to, rows: ids.length, digest: this.world.digestOf(ids, 'replica') };
    });
  }

  async rows(_fields: readonly string[], range: KeyRange): Promise<RowDigest[]> {
    this.world.step();
    return within(IDS, range)
      .filter((id) => this.world.isInReplica(id))
      .map((entityId) => ({ entityId, digest: this.world.digestOf([entityId], 'replica') }));
  }

  async readStates(_fields: readonly string[], entityIds: readonly string[]): Promise<ReadState[]> {
    this.world.step();
    return entityIds.map((id) => stateOf(id, this.world.gate.get(id), this.world.replicaRows.get(id)));
  }
}

function within(ids: readonly string[], { after, to }: KeyRange): string[] {
  return ids.filter((id) => (after === null || id > after) && (to === null || id <= to));
}

function stateOf(entityId: string, stamp: Stamp | undefined, state: string | undefined): ReadState {
  return {
    entityId,
    version: stamp === undefined ? null : String(stamp.version),
    isDeleted: stamp?.isDeleted ?? false,
    isPresent: state !== undefined,
    values: state === undefined ? [] : [JSON.stringify(state)],
  };
}
