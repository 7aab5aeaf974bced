import { type Queryable, rowsOf, type Version } from '@dbem/db-event';
import { currentTraceContext } from '@dbem/telemetry';
import { Client } from 'pg';
import { type Change, someOrNone } from '../change';
import { encodeDependencies } from './dependencies-column';

const NOTE_ONE = {
  name: 'db_event.note_one',
  text: 'SELECT db_event.note_change($1, $2, $3, $4, $5, $6) AS version',
};

/** Row by row, so that versions increase in the order of the changes. */
const NOTE_MANY = {
  name: 'db_event.note_many',
  text: `
    SELECT db_event.note_change(entity_type, entity_id, crud_type, entity, dependencies, $6) AS version
    FROM unnest($1::text[], $2::text[], $3::text[], $4::bytea[], $5::jsonb[])
      AS change (entity_type, entity_id, crud_type, entity, dependencies)`,
};

/**
 * One statement that records changes, with its values. The changes have been encoded, so no ENTITY_INVALID can follow.
 */
export interface RecordStatement {
  readonly statement: typeof NOTE_ONE;
  readonly values: readonly (string | Buffer | null | readonly (string | Buffer | null)[])[];
}

/**
 * Appends changes to the outbox and records their versions, in the caller's transaction; the relay is woken when it
 * commits.
 *
 * NOTIFY briefly serializes commits; PostgreSQL sends identical notifications of one transaction once.
 *
 * @throws DbEventError ENTITY_INVALID
 */
export function outboxStatement<Entity>(changes: readonly Change<Entity>[]): RecordStatement {
  return statementFor(changes, ({ codec, entity }) => codec.encode(entity));
}

/** Records only the versions of changes, which are not sent through the outbox. */
export function versionsStatement<Entity>(changes: readonly Change<Entity>[]): RecordStatement {
  return statementFor(changes, () => null);
}

function statementFor<Entity>(
  changes: readonly Change<Entity>[],
  stateOf: (change: Change<Entity>) => Buffer | null,
): RecordStatement {
  const columns = [
    changes.map(({ codec }) => codec.entityType),
    changes.map(({ codec, entity }) => codec.idOf(entity)),
    changes.map(({ crudType }) => crudType),
    changes.map(stateOf),
    changes.map(({ dependsOn }) => encodeDependencies(someOrNone(dependsOn))),
  ];
  const traceContext = currentTraceContext();
  const trace = traceContext === undefined ? null : JSON.stringify(traceContext);
  return changes.length === 1
    ? { statement: NOTE_ONE, values: [...columns.map(([only]) => only ?? null), trace] }
    : { statement: NOTE_MANY, values: [...columns, trace] };
}

/**
 * Uses a prepared statement if the transaction is a `pg` client: PostgreSQL then plans it once per connection.
 *
 * @returns the versions, in the order of the changes.
 */
export async function recordChanges(
  transaction: Queryable,
  { statement, values }: RecordStatement,
): Promise<Version[]> {
  const answer =
    transaction instanceof Client
      ? await transaction.query({ ...statement, values: [...values] })
      : await transaction.query(statement.text, [...values]);
  return rowsOf<{ version: string }>(answer).map(({ version }) => BigInt(version));
}
