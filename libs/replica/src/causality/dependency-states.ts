import type { Dependency } from '@dbem/db-event';
import type { ClientBase } from 'pg';
import { queryOwnTables } from '../postgres/own-tables';
import { keyText } from '../postgres/version-gate';

/** A dependency on a publisher whose subscription has ended counts as met: its changes will not arrive any more. */
const MET = `
  SELECT place::int AS place
  FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[])
    WITH ORDINALITY AS dependency (publisher, entity_type, entity_id, minimum_version, place)
  WHERE EXISTS (
      SELECT FROM db_event.replica_version present
      WHERE (present.publisher, present.entity_type, present.entity_id)
          = (dependency.publisher, dependency.entity_type, dependency.entity_id)
        AND present.version >= coalesce(dependency.minimum_version, 0))
    OR EXISTS (SELECT FROM db_event.ended_subscription ended WHERE ended.publisher = dependency.publisher)`;

/** Which of these dependencies the replica meets now, as seen by the transaction. Runs no query if there are none. */
export async function metDependencies(
  transaction: ClientBase,
  dependencies: readonly Dependency[],
): Promise<(dependency: Dependency) => boolean> {
  if (dependencies.length === 0) return () => false;
  const distinct = [...new Map(dependencies.map((dependency) => [textOf(dependency), dependency])).values()];
  const rows = await queryOwnTables<{ place: number }>(transaction, MET, [
    distinct.map(({ publisher }) => publisher),
    distinct.map(({ entityType }) => entityType),
    distinct.map(({ entityId }) => entityId),
    distinct.map(({ minimumVersion }) => (minimumVersion === undefined ? null : String(minimumVersion))),
  ]);
  const met = new Set(rows.map(({ place }) => textOf(distinct[place - 1] as Dependency)));
  return (dependency) => met.has(textOf(dependency));
}

function textOf(dependency: Dependency): string {
  return `${dependency.minimumVersion ?? ''} ${keyText(dependency)}`;
}
