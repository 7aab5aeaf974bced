import { type Group, groupCodec } from '@dbem/entity-codec';
import type { ReconcileSource } from '@dbem/outbox';
import { GROUP_COLUMNS, type GroupRow, groupOf } from './group.columns';

interface GroupSourceRow extends GroupRow {
  /** Of owner, members and admins, those whom sharing knows. */
  readonly known_users: string[];
}

/** How groups are read back for reconcile. A group waits for its people, as far as sharing knows them. */
export const groupSource: ReconcileSource<Group, GroupSourceRow> = {
  codec: groupCodec,
  rows: `
    SELECT group_id COLLATE "C" AS entity_id, sharing_group.*, ARRAY(
      SELECT known.entity_id FROM db_event.replica_version AS known
      WHERE known.publisher = 'user.profile' AND known.entity_type = 'USER_PROFILE'
        AND known.entity_id = ANY(owner_id || members || admins) AND NOT known.deleted
    ) AS known_users
    FROM sharing_group`,
  fields: GROUP_COLUMNS,
  entityOf: groupOf,
  dependenciesOf: ({ known_users }) =>
    known_users.map((entityId) => ({ publisher: 'user.profile', entityType: 'USER_PROFILE', entityId })),
  orphanOf: (id, known) => ({ id, name: String(known.name ?? '') }),
};
