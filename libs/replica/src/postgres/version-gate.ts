import type { EntityKey, Version } from '@dbem/db-event';
import type { ClientBase } from 'pg';
import { type PreparedStatement, queryOwnTables } from './own-tables';

/** An event at the gate: one candidate per entity. */
export interface GateCandidate extends EntityKey {
  /** Its `keyText`. */
  readonly key: string;
  /**
   * Undefined: an event of a legacy publisher. It passes by its arrival, whatever the version, and does not change the
   * version.
   */
  readonly version: Version | undefined;
  /** Orders the events without a version. Undefined: an event without a version passes always. */
  readonly arrival?: bigint | undefined;
  /** For an event without a version: the newest version in its batch that it replaces, which the gate records. */
  readonly replacedVersion?: Version | undefined;
  /** For an event that has no arrival: the latest arrival in its batch that it replaces, which the gate records. */
  readonly replacedArrival?: bigint | undefined;
  readonly isDelete: boolean;
  /** For a repair: it also passes at an equal version, unless a repair with this number or a higher one has passed. */
  readonly repairNumber?: bigint | undefined;
}

/** A candidate that passed. */
export interface GatePass {
  /** The replica did not have the entity, or it was deleted. */
  readonly isFirst: boolean;
}

const COLUMNS = 'publisher, entity_type, entity_id, version, deleted, arrival';
/** One array per column. The entity ids are $3 in every statement. */
const CANDIDATES = '$1::text[], $2::text[], $3::text[], $4::bigint[], $5::boolean[], $6::bigint[]';
/** `greatest` ignores NULL. */
const ON_CONFLICT = `
  ON CONFLICT (publisher, entity_type, entity_id) DO UPDATE
  SET version = greatest(present.version, excluded.version), deleted = excluded.deleted,
      arrival = greatest(present.arrival, excluded.arrival), follows_delete = present.deleted, applied_at = clock_timestamp()`;

/**
 * The candidates that an insert passes, by `keyText`. Nearly always all candidates pass, and either all or none of them
 * are the first: then the result is a single row without a key. xmax is 0 in a row that was inserted, not updated.
 */
function passedBy(insert: string): string {
  return `
    WITH passed AS (
      ${insert} RETURNING publisher, entity_type, entity_id, (xmax = 0 OR follows_delete) AS is_first
    ), counted AS (
      SELECT count(*) FILTER (WHERE is_first) AS firsts,
        count(*) = cardinality($3::text[]) AND bool_and(is_first) = bool_or(is_first) AS is_uniform
      FROM passed
    )
    SELECT NULL AS key, firsts > 0 AS is_first FROM counted WHERE is_uniform
    UNION ALL
    SELECT publisher || ' ' || entity_type || ' ' || entity_id, is_first FROM passed, counted WHERE NOT is_uniform`;
}

/** The repair number is compared only at an equal version. */
function passNewer(candidates: string): string {
  return passedBy(`
    INSERT INTO db_event.replica_version AS present (${COLUMNS}, repair_number)
    ${candidates}
    ${ON_CONFLICT}, repair_number = excluded.repair_number
    WHERE present.version < excluded.version
      OR (present.version = excluded.version AND excluded.repair_number > coalesce(present.repair_number, 0))`);
}

const PASS_NEWER: PreparedStatement = {
  name: 'db_event.pass_newer',
  text: passNewer(`SELECT * FROM unnest(${CANDIDATES}, $7::bigint[])`),
};

/** For candidates that differ only in id and version, as in most batches: common values are sent once. */
const PASS_NEWER_OF_A_KIND: PreparedStatement = {
  name: 'db_event.pass_newer_of_a_kind',
  text: passNewer(`
    SELECT $1::text, $2::text, entity_id, version, $5::boolean, NULL::bigint, $6::bigint
    FROM unnest($3::text[], $4::bigint[]) AS candidate (entity_id, version)`),
};

const INSERT_UNVERSIONED = `
  INSERT INTO db_event.replica_version AS present (${COLUMNS})
  SELECT * FROM unnest(${CANDIDATES})
  ${ON_CONFLICT}`;

/** A redelivery has an equal arrival. */
const PASS_LATER = passedBy(`${INSERT_UNVERSIONED}
  WHERE present.arrival IS NULL OR present.arrival < excluded.arrival`);

/** For events with neither a version nor an arrival, which nothing orders. */
const PASS_ALWAYS = passedBy(INSERT_UNVERSIONED);

/**
 * Passes candidates that are newer than the replica, and records their versions, in the applier's transaction. One
 * statement for any number of entities. An instance that competes for the same entity waits here until this transaction
 * ends, and then compares with its outcome. Candidates must be sorted (`compareKeys`), so that competing instances
 * don't deadlock.
 *
 * @returns the passes by `keyText`; candidates without a pass are stale.
 * @throws DbEventError DATABASE_UNAVAILABLE while the gate's table is missing; else the database's error.
 */
export async function passGate(
  transaction: ClientBase,
  candidates: readonly GateCandidate[],
): Promise<Map<string, GatePass>> {
  const passes = new Map<string, GatePass>();
  const versioned = candidates.filter(({ version }) => version !== undefined);
  await passVersioned(transaction, versioned, passes);
  const unversioned = candidates.filter(({ version }) => version === undefined);
  const ordered = unversioned.filter(({ arrival }) => arrival !== undefined);
  const unordered = unversioned.filter(({ arrival }) => arrival === undefined);
  await pass(transaction, PASS_LATER, ordered, passes);
  await pass(transaction, PASS_ALWAYS, unordered, passes);
  return passes;
}

async function passVersioned(
  transaction: ClientBase,
  candidates: readonly GateCandidate[],
  passes: Map<string, GatePass>,
): Promise<void> {
  const [one] = candidates;
  if (one === undefined || !candidates.every((other) => isOfAKind(one, other))) {
    await pass(transaction, PASS_NEWER, candidates, passes, ({ repairNumber }) => textOf(repairNumber));
    return;
  }
  const rows = await queryOwnTables<PassedRow>(transaction, PASS_NEWER_OF_A_KIND, [
    one.publisher,
    one.entityType,
    candidates.map(({ entityId }) => entityId),
    candidates.map(({ version }) => textOf(version)),
    one.isDelete,
    textOf(one.repairNumber),
  ]);
  addPasses(rows, candidates, passes);
}

function isOfAKind(one: GateCandidate, other: GateCandidate): boolean {
  return (
    one.publisher === other.publisher &&
    one.entityType === other.entityType &&
    one.isDelete === other.isDelete &&
    one.repairNumber === other.repairNumber &&
    other.replacedArrival === undefined
  );
}

const FIRST: GatePass = { isFirst: true };
const LATER: GatePass = { isFirst: false };

async function pass(
  transaction: ClientBase,
  statement: PreparedStatement | string,
  candidates: readonly GateCandidate[],
  passes: Map<string, GatePass>,
  lastColumn?: (candidate: GateCandidate) => unknown,
): Promise<void> {
  if (candidates.length === 0) return;
  const rows = await queryOwnTables<PassedRow>(transaction, statement, [
    candidates.map(({ publisher }) => publisher),
    candidates.map(({ entityType }) => entityType),
    candidates.map(({ entityId }) => entityId),
    candidates.map(({ version, replacedVersion }) => textOf(version ?? replacedVersion ?? 0n)),
    candidates.map(({ isDelete }) => isDelete),
    candidates.map(({ arrival, replacedArrival }) => textOf(arrival ?? replacedArrival)),
    ...(lastColumn === undefined ? [] : [candidates.map(lastColumn)]),
  ]);
  addPasses(rows, candidates, passes);
}

function addPasses(
  rows: readonly PassedRow[],
  candidates: readonly GateCandidate[],
  passes: Map<string, GatePass>,
): void {
  for (const { key, is_first } of rows) {
    const passed = is_first ? FIRST : LATER;
    if (key !== null) passes.set(key, passed);
    else for (const candidate of candidates) passes.set(candidate.key, passed);
  }
}

interface PassedRow {
  key: string | null;
  is_first: boolean;
}

function textOf(number: bigint | undefined): string | null {
  return number === undefined ? null : String(number);
}

/** Unique per key, since names of services and entity types contain no spaces. */
export function keyText({ publisher, entityType, entityId }: EntityKey): string {
  return `${publisher} ${entityType} ${entityId}`;
}

/** Orders by `keyText`. */
export function compareKeys(left: { readonly key: string }, right: { readonly key: string }): number {
  if (left.key === right.key) return 0;
  return left.key < right.key ? -1 : 1;
}
