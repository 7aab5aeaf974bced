import type { RowToSend } from '@dbem/transport';

export interface Stamp {
  readonly version: bigint;
  readonly isDeleted: boolean;
}

interface Event {
  readonly id: string;
  readonly version: bigint;
  readonly state: string | undefined;
  readonly repairNumber?: bigint;
}

/** An open transaction of a publisher with confirm-then-commit: its event is sent before it commits. */
interface OpenTransaction extends Event {}

export class Crash extends Error {}

/** Random numbers that decide what happens next; the same numbers make the same history. */
export type Draw = (below: number) => number;

export const IDS = Array.from({ length: 90 }, (_, index) => `e${String(index).padStart(2, '0')}`);

/**
 * Source, wire and replica in memory, with the rules of the real databases: versions are generated while the entity's
 * key is locked, an open transaction keeps its keys locked, and the version gate. Between any two steps of a run
 * anything may happen that may happen to the real system. Runs use it through `endpointsOf`.
 */
export class ModelWorld {
  readonly sourceRows = new Map<string, string>();
  readonly sourceVersions = new Map<string, Stamp>();
  readonly replicaRows = new Map<string, string>();
  readonly gate = new Map<string, Stamp & { readonly repairNumber: bigint }>();
  private readonly open = new Map<string, OpenTransaction>();
  private wire: Event[] = [];
  lastVersion = 0n;
  nowMs = 0;
  /** Violated guarantees. */
  readonly faults: string[] = [];
  areWritesGoingOn = true;
  mayCrash = true;

  constructor(readonly draw: Draw) {
    for (const id of IDS) if (draw(2) === 0) this.sourceRows.set(id, `old ${id}`);
  }

  get isEqual(): boolean {
    const differing = IDS.filter(
      (id) =>
        this.sourceRows.get(id) !== this.replicaRows.get(id) ||
        (this.sourceRows.has(id) && this.sourceVersions.get(id)?.version !== this.gate.get(id)?.version),
    );
    return differing.length === 0;
  }

  /** Commits all open transactions and delivers all events. */
  calm(): void {
    for (const id of this.open.keys()) this.end(id, true);
    for (const event of this.wire.splice(0)) this.apply(event);
  }

  /** Lets up to `most` things happen; may crash the process that executes the run. */
  step(most = 2): void {
    for (let count = this.draw(most + 1); count > 0; count -= 1) this.happen();
    if (this.mayCrash && this.draw(60) === 0) throw new Crash();
  }

  private happen(): void {
    const id = IDS[this.draw(IDS.length)] as string;
    const event = this.wire[this.draw(Math.max(this.wire.length, 1))];
    switch (this.draw(this.areWritesGoingOn ? 12 : 5)) {
      case 0:
        if (this.open.size > 0)
          this.end([...this.open.keys()][this.draw(this.open.size)] as string, this.draw(2) === 0);
        break;
      case 1:
      case 2:
      case 3:
        if (event !== undefined) this.deliver(event);
        break;
      case 4:
        // A redelivery: the event stays on the wire.
        if (event !== undefined) this.apply(event);
        break;
      case 5:
      case 6:
      case 7:
        this.write(id, this.draw(4) === 0 ? undefined : `s${this.nowMs}.${this.draw(1_000)}`);
        break;
      case 8:
        this.begin(id, this.draw(4) === 0 ? undefined : `o${this.draw(1_000)}`);
        break;
      case 9:
        // An event is lost.
        if (event !== undefined && this.draw(3) === 0) this.wire = this.wire.filter((other) => other !== event);
        break;
      case 10:
        // The replica is changed by hand.
        if (this.draw(3) === 0) this.replicaRows.delete(id);
        else if (this.draw(2) === 0) this.replicaRows.set(id, 'by hand');
        break;
      default:
        // The source is written without publishing.
        if (!this.open.has(id) && this.sourceRows.has(id) && this.draw(3) === 0)
          this.sourceRows.set(id, `silent ${this.draw(1_000)}`);
    }
  }

  private write(id: string, state: string | undefined): void {
    if (this.open.has(id)) return;
    this.commit({ id, version: this.nextVersion(), state });
    const version = this.sourceVersions.get(id)?.version as bigint;
    this.wire.push({ id, version, state });
  }

  private begin(id: string, state: string | undefined): void {
    if (this.open.has(id)) return;
    const transaction = { id, version: this.nextVersion(), state };
    this.open.set(id, transaction);
    this.wire.push(transaction);
  }

  private end(id: string, commits: boolean): void {
    const transaction = this.open.get(id);
    this.open.delete(id);
    if (commits && transaction !== undefined) this.commit(transaction);
  }

  private commit({ id, version, state }: Event): void {
    this.sourceVersions.set(id, { version, isDeleted: state === undefined });
    if (state === undefined) this.sourceRows.delete(id);
    else this.sourceRows.set(id, state);
  }

  private deliver(event: Event): void {
    this.wire = this.wire.filter((other) => other !== event);
    this.apply(event);
  }

  /** Models the version gate and a handler. */
  private apply({ id, version, state, repairNumber = 0n }: Event): void {
    const present = this.gate.get(id);
    const isRepair = present?.version === version && repairNumber > present.repairNumber;
    if (present !== undefined && present.version >= version && !isRepair) return;
    if (present !== undefined && version < present.version) this.faults.push(`${id} went back to ${version}`);
    if (present?.isDeleted && state !== undefined && version <= present.version) this.faults.push(`${id} came back`);
    this.gate.set(id, { version, isDeleted: state === undefined, repairNumber });
    if (state === undefined) this.replicaRows.delete(id);
    else this.replicaRows.set(id, state);
  }

  nextVersion(): bigint {
    this.lastVersion += 1n;
    return this.lastVersion;
  }

  stamp(ids: readonly string[]): void {
    for (const id of ids) {
      if (!this.sourceRows.has(id) || this.isStamped(id) || this.open.has(id)) continue;
      this.sourceVersions.set(id, { version: this.nextVersion(), isDeleted: false });
    }
  }

  outrank(id: string, version: bigint): void {
    this.wait(id);
    const stamp = this.sourceVersions.get(id);
    if (stamp !== undefined && stamp.version < version)
      this.sourceVersions.set(id, { ...stamp, version: this.nextVersion() });
  }

  send(rows: readonly RowToSend[], repairNumber?: bigint) {
    const sent = rows.filter(({ entityId }) => this.sourceRows.has(entityId) && this.isStamped(entityId));
    for (const { entityId, isRepair } of sent) {
      const version = this.sourceVersions.get(entityId)?.version as bigint;
      const state = this.sourceRows.get(entityId);
      this.wire.push({ id: entityId, version, state, ...(isRepair && repairNumber !== undefined && { repairNumber }) });
    }
    return { rows: sent.length, bytes: sent.length };
  }

  deleteOrphans(ids: readonly string[]) {
    let rows = 0;
    for (const id of ids) {
      this.wait(id);
      if (this.open.has(id)) this.faults.push(`${id} was deleted as an orphan while an open transaction had locked it`);
      if (this.sourceRows.has(id)) continue;
      const version = this.nextVersion();
      this.sourceVersions.set(id, { version, isDeleted: true });
      this.wire.push({ id, version, state: undefined });
      rows += 1;
    }
    return { rows, bytes: rows };
  }

  /** Waits for the entity's key: ends the transaction that has locked it, by commit or rollback. */
  private wait(id: string): void {
    if (this.open.has(id)) this.end(id, this.draw(2) === 0);
  }

  isInReplica(id: string): boolean {
    const stamp = this.gate.get(id);
    return this.replicaRows.has(id) || (stamp !== undefined && !stamp.isDeleted);
  }

  private isStamped(id: string): boolean {
    const stamp = this.sourceVersions.get(id);
    return stamp !== undefined && !stamp.isDeleted;
  }

  digestOf(ids: readonly string[], endpoint: 'source' | 'replica'): string {
    const versions = endpoint === 'source' ? this.sourceVersions : this.gate;
    const rows = endpoint === 'source' ? this.sourceRows : this.replicaRows;
    return ids
      .map((id) => {
        const stamp = versions.get(id);
        return `${id}:${stamp === undefined || stamp.isDeleted ? null : stamp.version}:${rows.get(id)}`;
      })
      .join();
  }
}
