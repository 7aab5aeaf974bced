import type { Queryable } from '@dbem/db-event';
import { type Project, projectCodec } from '@dbem/entity-codec';
import { OnDeleteMany, OnUpsertMany, type ReplicaChange, Replicates } from '@dbem/replica';
import { Injectable } from '@nestjs/common';

/** Replicates a project to an entity of type `<domain>:PROJECT` with the owner `<owner>@<domain>`. */
@Injectable()
@Replicates({
  publisher: 'registry',
  codec: projectCodec,
  backfill: true,
  projection: {
    rows: `
      SELECT entity_id COLLATE "C" AS entity_id, domain_id, name, description,
        left(owner_id, -length(domain_id) - 1) AS owner
      FROM entity WHERE entity_type_id = domain_id || ':PROJECT'`,
    fields: { gatewayId: 'domain_id', owner: 'owner', name: 'name', description: 'description' },
  },
})
export class ProjectReplica {
  @OnUpsertMany()
  async upsert(changes: readonly ReplicaChange<Project>[], transaction: Queryable): Promise<void> {
    const projects = changes.map(({ entity }) => entity);
    await transaction.query(
      `INSERT INTO entity (domain_id, entity_id, entity_type_id, owner_id, name, description)
       SELECT domain_id, entity_id, domain_id || ':PROJECT', owner || '@' || domain_id, name, description
       FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[])
         AS project (domain_id, entity_id, owner, name, description)
       ON CONFLICT (domain_id, entity_id) DO UPDATE
       SET owner_id = excluded.owner_id, name = excluded.name, description = excluded.description`,
      [
        projects.map(({ gatewayId }) => gatewayId),
        projects.map(({ projectID }) => projectID),
        projects.map(({ owner }) => owner),
        projects.map(({ name }) => name),
        projects.map(({ description }) => description ?? null),
      ],
    );
  }

  @OnDeleteMany()
  async remove(changes: readonly ReplicaChange<Project>[], transaction: Queryable): Promise<void> {
    await transaction.query(
      `DELETE FROM entity
       WHERE (domain_id, entity_id) IN (SELECT * FROM unnest($1::text[], $2::text[]))`,
      [changes.map(({ entity }) => entity.gatewayId), changes.map(({ entity }) => entity.projectID)],
    );
  }
}
