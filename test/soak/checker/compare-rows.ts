import type { Pool } from 'pg';
import type { RecordedTable } from '../history/states';
import type { Finding } from './finding';

/** Compares the current rows of a source and its replica. */
export async function compareRows(
  source: { readonly table: RecordedTable; readonly database: Pool },
  replica: { readonly table: RecordedTable; readonly database: Pool },
): Promise<Finding[]> {
  const [wanted, present] = await Promise.all([readRows(source), readRows(replica)]);
  const findings: Finding[] = [];
  const find = (entityId: string, details: string) =>
    findings.push({ violation: 'lost', where: replica.table.kind, entityId, details });
  for (const [id, state] of wanted) {
    const replicated = present.get(id);
    if (replicated === undefined) find(id, `missing; the source has ${state}`);
    else if (replicated !== state) find(id, `is ${replicated}; the source has ${state}`);
  }
  for (const [id, state] of present) if (!wanted.has(id)) find(id, `is ${state}; the source has deleted it`);
  return findings;
}

async function readRows({ table, database }: { table: RecordedTable; database: Pool }): Promise<Map<string, string>> {
  const { rows } = await database.query<{ id: string; state: string }>(
    `SELECT ${table.id} AS id, (${table.state})::text AS state FROM ${table.table} r`,
  );
  return new Map(rows.map(({ id, state }) => [id, state]));
}
