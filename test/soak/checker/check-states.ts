import type { Pool } from 'pg';
import type { RecordedTable } from '../history/states';
import type { Finding } from './finding';
import { followStates } from './follow-states';

/** Entities per query; limits the memory. */
const CHUNK = 500;

interface Recorded {
  readonly table: RecordedTable;
  readonly database: Pool;
}

/** Checks the recorded history of a replica against its source's. */
export async function checkStates(source: Recorded, replica: Recorded): Promise<Finding[]> {
  const { rows } = await replica.database.query<{ entity_id: string }>(
    'SELECT DISTINCT entity_id FROM soak.state WHERE kind = $1',
    [replica.table.kind],
  );
  const ids = rows.map(({ entity_id }) => entity_id);
  const findings: Finding[] = [];
  for (let start = 0; start < ids.length; start += CHUNK) {
    const chunk = ids.slice(start, start + CHUNK);
    const [sourceStates, replicaStates] = await Promise.all([statesOf(source, chunk), statesOf(replica, chunk)]);
    for (const [entityId, states] of replicaStates) {
      for (const { violation, state } of followStates(sourceStates.get(entityId) ?? [], states)) {
        findings.push({ violation, where: replica.table.kind, entityId, details: `state ${state ?? 'deleted'}` });
      }
    }
  }
  return findings;
}

async function statesOf(
  { table, database }: Recorded,
  ids: readonly string[],
): Promise<Map<string, (string | null)[]>> {
  const { rows } = await database.query<{ entity_id: string; state: string | null }>(
    'SELECT entity_id, state::text FROM soak.state WHERE kind = $1 AND entity_id = ANY($2) ORDER BY place',
    [table.kind, ids],
  );
  const states = new Map<string, (string | null)[]>();
  for (const { entity_id, state } of rows) {
    const present = states.get(entity_id);
    if (present === undefined) states.set(entity_id, [state]);
    else present.push(state);
  }
  return states;
}
