import { type Queryable, rowsOf, type Version } from '@dbem/db-event';
import { currentTraceContext } from '@dbem/platform';
import { Client } from 'pg';
import { type Change, someOrNone } from '../change';
import { encodeDependencies } from './dependencies-column';

const NOTE_ONE = {
  name: 'db_event.note_one',
  text: 'SELECT db_event.note_change($1, $2, $3, $4, $5, $6) AS version',
};

/** Row by row, so versions grow in the order of the changes. */
const NOTE_MANY = {
  name: 'db_event.note_many',
  text: `
    SELECT db_event.note_change(entity_type, entity_id, crud_type, entity, dependencies, $6) AS version
    FROM unnest($1::text[], $2::text[], $3::text[], $4::bytea[], $5::jsonb[])
      AS change (entity_type, entity_id, crud_type, entity, dependencies)`,
};

/**
 * Appends changes to the outbox and notes their versions, in the caller's transaction; the relay is woken when it commits.
 *
 * NOTIFY makes committing transactions queue for a moment; PostgreSQL sends repeated ones of a transaction once.
 *
 * @returns the versions, in the order of the changes.
 */
export function appendChanges<Entity>(transaction: Queryable, changes: readonly Change<Entity>[]): Promise<Version[]> {
  return note(transaction, changes, ({ codec, entity }) => codec.encode(entity));
}

/** Notes the versions of changes that are sent otherwise than through the outbox. */
export function noteChanges<Entity>(transaction: Queryable, changes: readonly Change<Entity>[]): Promise<Version[]> {
  return note(transaction, changes, () => null);
}

async function note<Entity>(
  transaction: Queryable,
  changes: readonly Change<Entity>[],
  stateOf: (change: Change<Entity>) => Buffer | null,
): Promise<Version[]> {
  const columns = [
    changes.map(({ codec }) => codec.entityType),
    changes.map(({ codec, entity }) => codec.idOf(entity)),
    changes.map(({ crudType }) => crudType),
    changes.map(stateOf),
    changes.map(({ dependsOn }) => encodeDependencies(someOrNone(dependsOn))),
  ];
  const traceContext = currentTraceContext();
  const trace = traceContext === undefined ? null : JSON.stringify(traceContext);
  const answer =
    changes.length === 1
      ? await run(transaction, NOTE_ONE, [...columns.map(([only]) => only), trace])
      : await run(transaction, NOTE_MANY, [...columns, trace]);
  return rowsOf<{ version: string }>(answer).map(({ version }) => BigInt(version));
}

/** Prepared where the transaction is a `pg` client's: PostgreSQL then plans the statement once a connection. */
function run(transaction: Queryable, statement: typeof NOTE_ONE, values: unknown[]): Promise<unknown> {
  return transaction instanceof Client
    ? transaction.query({ ...statement, values })
    : transaction.query(statement.text, values);
}
