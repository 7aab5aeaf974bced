import { type EntityKey, type Queryable, rowsOf, type Version } from '@dbem/db-event';

/** What wants to pass: one candidate an entity. */
export interface GateCandidate extends EntityKey {
  /** Undefined: an old publisher's event, which always passes and leaves the version as it is. */
  readonly version: Version | undefined;
  readonly isDelete: boolean;
}

/** What passed. */
export interface GatePass {
  /** There was no such entity before, or it was deleted. */
  readonly isFirst: boolean;
}

const UPSERT = `
  INSERT INTO db_event.replica_version AS present (publisher, entity_type, entity_id, version, deleted)
  SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::boolean[])
  ON CONFLICT (publisher, entity_type, entity_id) DO UPDATE
  SET version = greatest(present.version, excluded.version), deleted = excluded.deleted,
      follows_delete = present.deleted, applied_at = clock_timestamp()`;

/** xmax is 0 in a row that was inserted, not updated. */
const RETURNING = `
  RETURNING publisher, entity_type, entity_id, (xmax = 0 OR follows_delete) AS is_first`;

const PASS_NEWER = `${UPSERT} WHERE present.version < excluded.version ${RETURNING}`;
const PASS_ALL = `${UPSERT} ${RETURNING}`;

/**
 * Lets through what is newer than what the replica holds, and notes it, in the applier's transaction: one statement for any
 * number of entities. An instance that competes for the same entity waits here until this transaction ends, and then
 * compares with its outcome. Candidates must be sorted (`compareKeys`), so that competing instances don't deadlock.
 *
 * @returns the passes by `keyText`; who is missing is stale.
 */
export async function passGate(
  transaction: Queryable,
  candidates: readonly GateCandidate[],
): Promise<Map<string, GatePass>> {
  const passes = new Map<string, GatePass>();
  const versioned = candidates.filter(({ version }) => version !== undefined);
  const unversioned = candidates.filter(({ version }) => version === undefined);
  for (const [sql, group] of [
    [PASS_NEWER, versioned],
    [PASS_ALL, unversioned],
  ] as const) {
    if (group.length === 0) continue;
    const answer = await transaction.query(sql, [
      group.map(({ publisher }) => publisher),
      group.map(({ entityType }) => entityType),
      group.map(({ entityId }) => entityId),
      group.map(({ version }) => String(version ?? 0n)),
      group.map(({ isDelete }) => isDelete),
    ]);
    for (const row of rowsOf<PassedRow>(answer)) {
      const key = { publisher: row.publisher, entityType: row.entity_type, entityId: row.entity_id };
      passes.set(keyText(key), { isFirst: row.is_first });
    }
  }
  return passes;
}

interface PassedRow {
  publisher: string;
  entity_type: EntityKey['entityType'];
  entity_id: string;
  is_first: boolean;
}

/** A text that is the key's alone: a service's name has no blanks and an entity type neither. */
export function keyText({ publisher, entityType, entityId }: EntityKey): string {
  return `${publisher} ${entityType} ${entityId}`;
}

export function compareKeys(left: EntityKey, right: EntityKey): number {
  const [leftText, rightText] = [keyText(left), keyText(right)];
  if (leftText === rightText) return 0;
  return leftText < rightText ? -1 : 1;
}
