import { type UserProfile, userProfileCodec } from '@dbem/entity-codec';
import type { ReconcileSource } from '@dbem/outbox';
import { USER_COLUMNS, type UserRow, userProfileOf } from './user.columns';

/** Reads users for reconcile. */
export const userSource: ReconcileSource<UserProfile, UserRow> = {
  codec: userProfileCodec,
  rows: `SELECT (user_id || '@' || gateway_id) COLLATE "C" AS entity_id, * FROM profile_user`,
  fields: USER_COLUMNS,
  entityOf: userProfileOf,
  orphanOf: (entityId, known) => {
    const gatewayId = String(known.gatewayId ?? entityId.slice(entityId.lastIndexOf('@') + 1));
    return {
      userId: entityId.slice(0, -gatewayId.length - 1),
      gatewayId,
      firstName: String(known.firstName ?? ''),
      lastName: String(known.lastName ?? ''),
      emails: [],
      creationTime: 0n,
      lastAccessTime: 0n,
      validUntil: 0n,
      state: 'DELETED',
    };
  },
};
