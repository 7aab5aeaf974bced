import type { EntityVersion } from '@dbem/db-event';
import { encodeEvent, userProfileCodec } from '@dbem/entity-codec';

const GATEWAY = 'gw';

/** A version of a user profile of the publisher `user.profile`. */
export function userVersion(userId: string, version: bigint): EntityVersion {
  return { publisher: 'user.profile', entityType: 'USER_PROFILE', entityId: `${userId}@${GATEWAY}`, version };
}

/** The event of such a version. */
export function userEvent(change: EntityVersion, crudType: 'UPDATE' | 'DELETE' = 'UPDATE'): Buffer {
  const entity = userProfileCodec.encode({
    airavataInternalUserId: change.entityId,
    userId: change.entityId.replace(`@${GATEWAY}`, ''),
    gatewayId: GATEWAY,
    emails: [],
    firstName: 'a',
    lastName: 'b',
    creationTime: 0n,
    lastAccessTime: 0n,
    validUntil: 0n,
    state: 'ACTIVE',
  });
  return encodeEvent({ ...change, crudType, entity });
}
