import type { RowToSend } from '@dbem/transport';

export interface Noted {
  readonly version: bigint;
  readonly isDeleted: boolean;
}

interface Event {
  readonly id: string;
  readonly version: bigint;
  readonly state: string | undefined;
  readonly repairNumber?: bigint;
}

/** An open transaction of a publisher that confirms first: its event is out before it commits. */
interface OpenTransaction extends Event {}

export class Crash extends Error {}

/** Numbers that decide what happens next; the same numbers, the same history. */
export type Draw = (below: number) => number;

export const IDS = Array.from({ length: 90 }, (_, index) => `e${String(index).padStart(2, '0')}`);

/**
 * Source, wire and replica in memory, with the rules that both databases keep: versions drawn under the entity's key, which an
 * open transaction holds; the version gate. Between any two steps of a run anything may happen that may happen to the real ones.
 * A run gets to it by `endpointsOf`.
 */
export class ModelWorld {
  readonly sourceRows = new Map<string, string>();
  readonly sourceVersions = new Map<string, Noted>();
  readonly replicaRows = new Map<string, string>();
  readonly gate = new Map<string, Noted & { readonly repairNumber: bigint }>();
  private readonly open = new Map<string, OpenTransaction>();
  private wire: Event[] = [];
  lastVersion = 0n;
  nowMs = 0;
  /** Promises that were broken. */
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

  /** All that is under way ends and arrives. */
  calm(): void {
    for (const id of this.open.keys()) this.end(id, true);
    for (const event of this.wire.splice(0)) this.apply(event);
  }

  /** A few things happen; the process that carries out the run may die of it. */
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
        // Twice.
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
        // A change that was lost.
        if (event !== undefined && this.draw(3) === 0) this.wire = this.wire.filter((other) => other !== event);
        break;
      case 10:
        // Somebody's hand at the replica.
        if (this.draw(3) === 0) this.replicaRows.delete(id);
        else if (this.draw(2) === 0) this.replicaRows.set(id, 'by hand');
        break;
      default:
        // Written without publishing.
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

  /** The version gate and a handler. */
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
      const noted = this.sourceVersions.get(id);
      const isStamped = noted !== undefined && !noted.isDeleted;
      if (!this.sourceRows.has(id) || isStamped || this.open.has(id)) continue;
      this.sourceVersions.set(id, { version: this.nextVersion(), isDeleted: false });
    }
  }

  outrank(id: string, version: bigint): void {
    this.wait(id);
    const noted = this.sourceVersions.get(id);
    if (noted !== undefined && noted.version < version)
      this.sourceVersions.set(id, { ...noted, version: this.nextVersion() });
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

  bury(ids: readonly string[]) {
    let rows = 0;
    for (const id of ids) {
      this.wait(id);
      if (this.open.has(id)) this.faults.push(`${id} was buried while a transaction held it`);
      if (this.sourceRows.has(id)) continue;
      const version = this.nextVersion();
      this.sourceVersions.set(id, { version, isDeleted: true });
      this.wire.push({ id, version, state: undefined });
      rows += 1;
    }
    return { rows, bytes: rows };
  }

  /** For the entity's key: until the transaction that holds it has ended, one way or the other. */
  private wait(id: string): void {
    if (this.open.has(id)) this.end(id, this.draw(2) === 0);
  }

  isHeld(id: string): boolean {
    const noted = this.gate.get(id);
    return this.replicaRows.has(id) || (noted !== undefined && !noted.isDeleted);
  }

  private isStamped(id: string): boolean {
    const noted = this.sourceVersions.get(id);
    return noted !== undefined && !noted.isDeleted;
  }

  digestOf(ids: readonly string[], side: 'source' | 'replica'): string {
    const versions = side === 'source' ? this.sourceVersions : this.gate;
    const rows = side === 'source' ? this.sourceRows : this.replicaRows;
    return ids
      .map((id) => {
        const noted = versions.get(id);
        return `${id}:${noted === undefined || noted.isDeleted ? null : noted.version}:${rows.get(id)}`;
      })
      .join();
  }
}
