import { type Group, groupCodec } from '@dbem/entity-codec';
import type { ReconcileSource } from '@dbem/outbox';
import { GROUP_COLUMNS, type GroupRow, groupOf } from './group.columns';

interface GroupSourceRow extends GroupRow {
  /** Owner, members and admins, as far as sharing has these users. */
  readonly known_users: string[];
}

/** Reads groups for reconcile. A group depends on its owner, members and admins, as far as sharing has these users. */
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
