import { type Project, projectCodec } from '@dbem/entity-codec';
import type { ReconcileSource } from '@dbem/outbox';
import { ownerIdOf, PROJECT_COLUMNS, type ProjectRow, projectOfRow } from './project.columns';

interface ProjectSourceRow extends ProjectRow {
  readonly knows_owner: boolean;
}

/** Reads projects for reconcile. A project depends on its owner, if registry has that user. */
export const projectSource: ReconcileSource<Project, ProjectSourceRow> = {
  codec: projectCodec,
  rows: `
    SELECT project_id COLLATE "C" AS entity_id, project.*, EXISTS (
      SELECT FROM db_event.replica_version AS known
      WHERE known.publisher = 'user.profile' AND known.entity_type = 'USER_PROFILE'
        AND known.entity_id = owner || '@' || gateway_id AND NOT known.deleted
    ) AS knows_owner
    FROM project`,
  fields: PROJECT_COLUMNS,
  entityOf: projectOfRow,
  dependenciesOf: (row) =>
    row.knows_owner ? [{ publisher: 'user.profile', entityType: 'USER_PROFILE', entityId: ownerIdOf(row) }] : [],
  orphanOf: (projectID, known) => ({
    projectID,
    owner: String(known.owner ?? ''),
    gatewayId: String(known.gatewayId ?? ''),
    name: String(known.name ?? ''),
  }),
};
