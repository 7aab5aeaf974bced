import type { EntityKey, Version } from '@dbem/db-event';
import type { ClientBase } from 'pg';
import { type PreparedStatement, queryOwnTables } from './own-tables';

/** What wants to pass: one candidate an entity. */
export interface GateCandidate extends EntityKey {
  /** Its `keyText`. */
  readonly key: string;
  /**
   * Undefined: an old publisher's event, which leaves the version as it is and passes, unless it had failed before and a later
   * one has been applied since.
   */
  readonly version: Version | undefined;
  /** Of an event without a version: the newest version of this entity that it takes the place of, so that the gate knows it. */
  readonly overtakes?: Version | undefined;
  /** When it failed first, by this database's clock; undefined if it has not. */
  readonly firstFailedAt?: Date | undefined;
  readonly isDelete: boolean;
  /** Of a repair: passes at an equal version as well, unless a repair of this number or a greater one has passed. */
  readonly repairNumber?: bigint | undefined;
}

/** What passed. */
export interface GatePass {
  /** There was no such entity before, or it was deleted. */
  readonly isFirst: boolean;
}

const COLUMNS = 'publisher, entity_type, entity_id, version, deleted';
/** Columns of a value each. The entities' ids are $3 in every statement. */
const CANDIDATES = '$1::text[], $2::text[], $3::text[], $4::bigint[], $5::boolean[]';
const ON_CONFLICT = `
  ON CONFLICT (publisher, entity_type, entity_id) DO UPDATE
  SET version = greatest(present.version, excluded.version), deleted = excluded.deleted,
      follows_delete = present.deleted, applied_at = clock_timestamp()`;

/**
 * What an insert of candidates lets through, by the key as `keyText` has it. Nearly always that is all of them, and all first or
 * none: that is one row, without a key. xmax is 0 in a row that was inserted, not updated.
 */
function passedBy(insert: string): string {
  return `
    WITH passed AS (
      ${insert} RETURNING publisher, entity_type, entity_id, (xmax = 0 OR follows_delete) AS is_first
    ), tally AS (
      SELECT count(*) FILTER (WHERE is_first) AS firsts,
        count(*) = cardinality($3::text[]) AND bool_and(is_first) = bool_or(is_first) AS is_uniform
      FROM passed
    )
    SELECT NULL AS key, firsts > 0 AS is_first FROM tally WHERE is_uniform
    UNION ALL
    SELECT publisher || ' ' || entity_type || ' ' || entity_id, is_first FROM passed, tally WHERE NOT is_uniform`;
}

/** The number of a repair counts within its version. */
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
  text: passNewer(`SELECT * FROM unnest(${CANDIDATES}, $6::bigint[])`),
};

/** Of candidates that differ in id and version only, as most batches' do: what they have in common is said once. */
const PASS_NEWER_OF_A_KIND: PreparedStatement = {
  name: 'db_event.pass_newer_of_a_kind',
  text: passNewer(`
    SELECT $1::text, $2::text, entity_id, version, $5::boolean, $6::bigint
    FROM unnest($3::text[], $4::bigint[]) AS candidate (entity_id, version)`),
};

/** Without a version: the one that comes fresh is the newest. */
const PASS_FRESH = passedBy(`
  INSERT INTO db_event.replica_version AS present (${COLUMNS}, arrived_at)
  SELECT *, clock_timestamp() FROM unnest(${CANDIDATES})
  ${ON_CONFLICT}, arrived_at = clock_timestamp()`);

/** Without a version, failed before: as old as its first failure. */
const PASS_UNLESS_OVERTAKEN = passedBy(`
  INSERT INTO db_event.replica_version AS present (${COLUMNS}, arrived_at)
  SELECT * FROM unnest(${CANDIDATES}, $6::timestamptz[])
  ${ON_CONFLICT}, arrived_at = excluded.arrived_at
  WHERE coalesce(present.arrived_at, '-infinity') <= excluded.arrived_at`);

/**
 * Lets through what is newer than what the replica holds, and notes it, in the applier's transaction: one statement for any
 * number of entities. An instance that competes for the same entity waits here until this transaction ends, and then
 * compares with its outcome. Candidates must be sorted (`compareKeys`), so that competing instances don't deadlock.
 *
 * @returns the passes by `keyText`; who is missing is stale.
 * @throws DbEventError DATABASE_UNAVAILABLE while the gate's own table is not there; else the database's error.
 */
export async function passGate(
  transaction: ClientBase,
  candidates: readonly GateCandidate[],
): Promise<Map<string, GatePass>> {
  const passes = new Map<string, GatePass>();
  const versioned = candidates.filter(({ version }) => version !== undefined);
  await passVersioned(transaction, versioned, passes);
  const unversioned = candidates.filter(({ version }) => version === undefined);
  const fresh = unversioned.filter(({ firstFailedAt }) => firstFailedAt === undefined);
  const failedBefore = unversioned.filter(({ firstFailedAt }) => firstFailedAt !== undefined);
  await pass(transaction, PASS_FRESH, fresh, passes);
  await pass(transaction, PASS_UNLESS_OVERTAKEN, failedBefore, passes, ({ firstFailedAt }) => firstFailedAt);
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
  notePasses(rows, candidates, passes);
}

function isOfAKind(one: GateCandidate, other: GateCandidate): boolean {
  return (
    one.publisher === other.publisher &&
    one.entityType === other.entityType &&
    one.isDelete === other.isDelete &&
    one.repairNumber === other.repairNumber
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
    candidates.map(({ version, overtakes }) => textOf(version ?? overtakes ?? 0n)),
    candidates.map(({ isDelete }) => isDelete),
    ...(lastColumn === undefined ? [] : [candidates.map(lastColumn)]),
  ]);
  notePasses(rows, candidates, passes);
}

function notePasses(
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

/** A text that is the key's alone: a service's name has no blanks and an entity type neither. */
export function keyText({ publisher, entityType, entityId }: EntityKey): string {
  return `${publisher} ${entityType} ${entityId}`;
}

/** Of texts of keys. */
export function compareKeys(left: { readonly key: string }, right: { readonly key: string }): number {
  if (left.key === right.key) return 0;
  return left.key < right.key ? -1 : 1;
}
