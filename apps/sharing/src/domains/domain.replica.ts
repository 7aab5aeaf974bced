import type { Queryable } from '@dbem/db-event';
import { type Gateway, gatewayCodec } from '@dbem/entity-codec';
import { upsertRows } from '@dbem/postgres';
import { OnDeleteMany, OnUpsertMany, type ReplicaChange, Replicates } from '@dbem/replica';
import { Injectable } from '@nestjs/common';
import type { DomainTable } from './domain-tables';

const ENTITY_TYPES = [
  'PROJECT',
  'EXPERIMENT',
  'FILE',
  'APPLICATION_DEPLOYMENT',
  'GROUP_RESOURCE_PROFILE',
  'CREDENTIAL_TOKEN',
];
const PERMISSION_TYPES = ['READ', 'WRITE', 'MANAGE_SHARING'];

/** Replicates a tenant to a domain with its entity types and permission types. */
@Injectable()
@Replicates({
  publisher: 'user.profile',
  codec: gatewayCodec,
  backfill: true,
  projection: {
    rows: 'SELECT domain_id COLLATE "C" AS entity_id, * FROM domain',
    fields: { 'gatewayName ?? gatewayId': 'name', gatewayPublicAbstract: 'description' },
  },
})
export class DomainReplica {
  @OnUpsertMany()
  async upsert(changes: readonly ReplicaChange<Gateway>[], transaction: Queryable): Promise<void> {
    const domains = changes.map(({ entity }) => domainOf(entity));
    const domainIds = domains.map(({ domain_id }) => domain_id);
    await upsertRows(transaction, 'domain', ['domain_id'], domains);
    await transaction.query(
      `INSERT INTO entity_type (domain_id, entity_type_id, name)
       SELECT id, id || ':' || type, type FROM unnest($1::text[]) id, unnest($2::text[]) type
       ON CONFLICT DO NOTHING`,
      [domainIds, ENTITY_TYPES],
    );
    await transaction.query(
      `INSERT INTO permission_type (domain_id, permission_type_id, name)
       SELECT id, id || ':' || type, type FROM unnest($1::text[]) id, unnest($2::text[]) type
       ON CONFLICT DO NOTHING`,
      [domainIds, PERMISSION_TYPES],
    );
  }

  /** Deletes the domain and its types. Its users are deleted by their own events. */
  @OnDeleteMany()
  async remove(changes: readonly ReplicaChange<Gateway>[], transaction: Queryable): Promise<void> {
    const domainIds = changes.map(({ entity }) => entity.gatewayId);
    for (const table of ['permission_type', 'entity_type', 'domain']) {
      await transaction.query(`DELETE FROM ${table} WHERE domain_id = ANY($1::text[])`, [domainIds]);
    }
  }
}

function domainOf({ gatewayId, gatewayName = gatewayId, gatewayPublicAbstract }: Gateway): DomainTable {
  return { domain_id: gatewayId, name: gatewayName, description: gatewayPublicAbstract ?? null };
}
