import { type Queryable, rowsOf, type Version } from '@dbem/db-event';
import { currentTraceContext } from '@dbem/telemetry';
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

/** One statement that notes changes, everything in it: what can be wrong with a change has been found. */
export interface Note {
  readonly statement: typeof NOTE_ONE;
  readonly values: readonly (string | Buffer | null | readonly (string | Buffer | null)[])[];
}

/**
 * What appends changes to the outbox and notes their versions, in the caller's transaction; the relay is woken when it commits.
 *
 * NOTIFY makes committing transactions queue for a moment; PostgreSQL sends repeated ones of a transaction once.
 *
 * @throws DbEventError ENTITY_INVALID
 */
export function noteOfOutbox<Entity>(changes: readonly Change<Entity>[]): Note {
  return noteOf(changes, ({ codec, entity }) => codec.encode(entity));
}

/** What notes the versions of changes that are sent otherwise than through the outbox. */
export function noteOfVersions<Entity>(changes: readonly Change<Entity>[]): Note {
  return noteOf(changes, () => null);
}

function noteOf<Entity>(changes: readonly Change<Entity>[], stateOf: (change: Change<Entity>) => Buffer | null): Note {
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
 * Prepared where the transaction is a `pg` client's: PostgreSQL then plans the statement once a connection.
 *
 * @returns the versions, in the order of the changes.
 */
export async function takeNote(transaction: Queryable, { statement, values }: Note): Promise<Version[]> {
  const answer =
    transaction instanceof Client
      ? await transaction.query({ ...statement, values: [...values] })
      : await transaction.query(statement.text, [...values]);
  return rowsOf<{ version: string }>(answer).map(({ version }) => BigInt(version));
}
