import { Client } from 'pg';

/** The version gate's row of an entity. */
export interface ReplicaVersion {
  readonly version: bigint;
  readonly isDeleted?: boolean;
  readonly repairNumber?: bigint | undefined;
  readonly arrival?: bigint | undefined;
}

export interface ExecutedStatement {
  /** Undefined: not prepared. */
  readonly name: string | undefined;
  readonly text: string;
  readonly values: readonly unknown[];
}

type Columns = readonly (readonly unknown[])[];
interface StatementHandler {
  /** A part of the statement's text. */
  readonly sign: string;
  execute(values: readonly unknown[]): unknown[];
}

/**
 * The replica library's tables in memory: returns the results that PostgreSQL returns to a single connection. For unit
 * tests of code that depends on these results; the statements themselves have integration tests.
 */
export class InMemoryReplicaTables {
  /** By `keyText`. */
  readonly versions = new Map<string, ReplicaVersion>();
  /** Versions of deferred events, by `keyText`. */
  readonly deferred = new Map<string, bigint>();
  readonly endedPublishers = new Set<string>();
  /** By publisher: the newest swept version. */
  readonly horizons = new Map<string, bigint>();
  readonly statements: ExecutedStatement[] = [];
  /** Called before a statement is executed: simulates a concurrent commit of another connection. */
  beforeResult: (statement: ExecutedStatement) => void = () => {};

  private readonly handlers: readonly StatementHandler[] = [
    { sign: 'WITH ORDINALITY AS dependency', execute: (values) => this.meets(values as Columns) },
    { sign: 'INSERT INTO db_event.replica_version', execute: (values) => this.pass(values) },
    { sign: 'DELETE FROM db_event.replica_version', execute: (values) => this.dropPlaceholders(values as Columns) },
    { sign: 'INSERT INTO db_event.deferred_event', execute: (values) => this.defer(values as Columns) },
    { sign: 'DELETE FROM db_event.deferred_event', execute: (values) => this.dropDeferred(values as Columns) },
    { sign: 'JOIN db_event.replica_horizon', execute: (values) => this.findSwept(values as Columns) },
    { sign: 'pg_advisory_xact_lock_shared', execute: () => [] },
  ];

  /** A connection to these tables only. */
  readonly client = Object.assign(new Client(), {
    query: async (
      statement: string | { name?: string; text: string; values?: readonly unknown[] },
      params: readonly unknown[] = [],
    ) => {
      const {
        name,
        text,
        values = params,
      } = typeof statement === 'string' ? { name: undefined, text: statement } : statement;
      this.statements.push({ name, text, values });
      this.beforeResult({ name, text, values });
      const handler = this.handlers.find(({ sign }) => text.includes(sign));
      if (handler === undefined) throw new Error(`InMemoryReplicaTables does not support this statement: ${text}`);
      return { rows: handler.execute(values) };
    },
  });

  /** The executed statements whose text includes this part. */
  statementsWith(sign: string): ExecutedStatement[] {
    return this.statements.filter(({ text }) => text.includes(sign));
  }

  private pass(values: readonly unknown[]): unknown[] {
    const ids = values[2] as readonly string[];
    const { name, text = '' } = this.statements.at(-1) ?? {};
    const isUnversioned = name === undefined;
    const isOfAKind = name === 'db_event.pass_newer_of_a_kind';
    const column = (place: number) => (index: number) =>
      Array.isArray(values[place]) ? values[place][index] : values[place];
    const passed: { key: string; is_first: boolean }[] = [];
    for (const [index, id] of ids.entries()) {
      const key = `${column(0)(index)} ${column(1)(index)} ${id}`;
      const present = this.versions.get(key);
      const version = BigInt(column(3)(index));
      const arrival = isOfAKind ? undefined : numberOf(column(5)(index));
      const repairNumber = numberOf(column(isOfAKind ? 5 : 6)(index));
      const isLater = !text.includes('present.arrival <') || (present?.arrival ?? -1n) < (arrival ?? 0n);
      const passes = isUnversioned ? isLater : isNewer({ version, repairNumber }, present);
      if (!passes) continue;
      passed.push({ key, is_first: present === undefined || present.isDeleted === true });
      this.versions.set(key, {
        version: present !== undefined && present.version > version ? present.version : version,
        isDeleted: column(4)(index),
        repairNumber,
        arrival: greatest(present?.arrival, arrival),
      });
    }
    const isUniform = passed.length === ids.length && passed.every(({ is_first }) => is_first === passed[0]?.is_first);
    return isUniform ? [{ key: null, is_first: passed[0]?.is_first }] : passed;
  }

  private meets([publishers = [], types = [], ids = [], minimums = []]: Columns): unknown[] {
    return ids.flatMap((id, index) => {
      const present = this.versions.get(`${publishers[index]} ${types[index]} ${id}`);
      const isThere = present !== undefined && present.version >= BigInt((minimums[index] as string | null) ?? 0);
      return isThere || this.endedPublishers.has(String(publishers[index])) ? [{ place: index + 1 }] : [];
    });
  }

  private dropPlaceholders(values: Columns): unknown[] {
    for (const key of keysOf(values)) if (this.versions.get(key)?.version === -1n) this.versions.delete(key);
    return [];
  }

  private defer(values: Columns): unknown[] {
    const [publishers = [], types = [], ids = [], versions = []] = values;
    return keysOf(values).flatMap((key, index) => {
      const version = BigInt(versions[index] as string);
      const isStale = (this.versions.get(key)?.version ?? -1n) >= version || (this.deferred.get(key) ?? -1n) >= version;
      if (isStale) return [];
      this.deferred.set(key, version);
      return [{ publisher: publishers[index], entity_type: types[index], entity_id: ids[index] }];
    });
  }

  private dropDeferred(values: Columns): unknown[] {
    for (const [index, key] of keysOf(values).entries()) {
      if (String(this.deferred.get(key)) === values[3]?.[index]) this.deferred.delete(key);
    }
    return [];
  }

  private findSwept(values: Columns): unknown[] {
    const found = keysOf(values).findIndex((key, index) => {
      const horizon = this.horizons.get(String(values[0]?.[index])) ?? -1n;
      return !this.versions.has(key) && BigInt(String(values[3]?.[index])) <= horizon;
    });
    return found === -1 ? [] : [{ entity_id: values[2]?.[found] }];
  }
}

function isNewer(candidate: ReplicaVersion, present: ReplicaVersion | undefined): boolean {
  if (present === undefined || candidate.version !== present.version) {
    return present === undefined || candidate.version > present.version;
  }
  return candidate.repairNumber !== undefined && candidate.repairNumber > (present.repairNumber ?? 0n);
}

function numberOf(text: string | null | undefined): bigint | undefined {
  return text === null || text === undefined ? undefined : BigInt(text);
}

function greatest(one: bigint | undefined, other: bigint | undefined): bigint | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return one > other ? one : other;
}

function keysOf([publishers = [], types = [], ids = []]: Columns): string[] {
  return ids.map((id, index) => `${publishers[index]} ${types[index]} ${id}`);
}
