import { type Project, projectCodec } from '@dbem/entity-codec';
import type { ReconcileSource } from '@dbem/outbox';
import type { ApplyMany, ReplicaChange, ReplicaHandler } from '@dbem/replica';

export const PUBLISHER = 'registry';
export const SUBSCRIBER = 'sharing';

/** The same table for source and replica. */
export const PROJECT_TABLE = `
  CREATE TABLE project (id text PRIMARY KEY, name text NOT NULL, description text);
  CREATE INDEX ON project (id COLLATE "C");`;

const READ_BACK = {
  rows: 'SELECT id COLLATE "C" AS entity_id, * FROM project',
  fields: { projectID: 'id', name: 'name', description: 'description' },
};

interface ProjectRow {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
}

export function projectOf({ id, name, description }: ProjectRow): Project {
  return { projectID: id, owner: 'ada', gatewayId: 'gw', name, ...(description !== null && { description }) };
}

export const PROJECT_SOURCE: ReconcileSource<Project, ProjectRow> = {
  ...READ_BACK,
  codec: projectCodec,
  entityOf: projectOf,
  orphanOf: (id, known) => projectOf({ id, name: String(known.name ?? ''), description: null }),
};

/** Writes projects, and records the changes that it gets in `handled`. */
export function projectHandler(handled: ReplicaChange<Project>[]): ReplicaHandler<Project> {
  const upsert: ApplyMany<Project> = async (changes, transaction) => {
    handled.push(...changes);
    for (const { entity } of changes) {
      await transaction.query(
        `INSERT INTO project VALUES ($1, $2, $3)
         ON CONFLICT (id) DO UPDATE SET name = excluded.name, description = excluded.description`,
        [entity.projectID, entity.name, entity.description ?? null],
      );
    }
  };
  const remove: ApplyMany<Project> = async (changes, transaction) => {
    handled.push(...changes);
    for (const { entityId } of changes) await transaction.query('DELETE FROM project WHERE id = $1', [entityId]);
  };
  return { publisher: PUBLISHER, codec: projectCodec, projection: READ_BACK, upsert, remove };
}
