import { encodeEvent, type UserProfile, userProfileCodec } from '@dbem/entity-codec';

/** The entities of all cases: numbered users of one gateway, with `r<revision>` as first name. */
export const GATEWAY = 'bench';
export const PUBLISHER = 'user.profile';

/** Default size of an event on the wire, bytes. */
export const EVENT_BYTES = 600;

export function userIdOf(index: number): string {
  return `user-${String(index).padStart(8, '0')}`;
}

export function userOf(index: number, revision: number, comments: string): UserProfile {
  return {
    userId: userIdOf(index),
    gatewayId: GATEWAY,
    emails: [`${userIdOf(index)}@example.org`],
    firstName: `r${revision}`,
    lastName: 'Lovelace',
    country: 'GB',
    homeOrganization: 'Works',
    creationTime: 1_780_000_000_000n,
    lastAccessTime: 1_780_000_000_000n,
    validUntil: 0n,
    state: 'ACTIVE',
    comments,
  };
}

/** Recent, as in real events, and the same in all events of a run. */
const CHANGED_AT_MS = Date.now();

/** An event as our relay publishes it. */
export function eventOf(user: UserProfile, version: number): Buffer {
  return encodeEvent({
    publisher: PUBLISHER,
    entityType: 'USER_PROFILE',
    crudType: 'UPDATE',
    entity: userProfileCodec.encode(user),
    eventId: `${PUBLISHER}:${version}`,
    entityId: userProfileCodec.idOf(user),
    version: BigInt(version),
    changeTimeMs: CHANGED_AT_MS,
  });
}

/** Padding that gives an event this size. @throws RangeError if the event is already larger */
export function commentsFor(eventBytes: number): string {
  return 'x'.repeat(eventBytes - eventOf(userOf(0, 0, ''), 1).length);
}

/** Padding that gives an entity this size. @throws RangeError if the entity is already larger */
export function commentsForEntity(entityBytes: number): string {
  return 'x'.repeat(entityBytes - userProfileCodec.encode(userOf(0, 0, '')).length);
}

export const INSERT_USER = {
  name: 'bench-insert-user',
  text: `INSERT INTO profile_user (user_id, gateway_id, first_name, last_name, emails, country, home_organization, state,
           comments, created_ms, last_access_ms, valid_until_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
};

export function insertValues(user: UserProfile): unknown[] {
  return [
    user.userId,
    user.gatewayId,
    user.firstName,
    user.lastName,
    user.emails,
    user.country,
    user.homeOrganization,
    user.state,
    user.comments,
    String(user.creationTime),
    String(user.lastAccessTime),
    String(user.validUntil),
  ];
}

export const UPDATE_USER = {
  name: 'bench-update-user',
  text: 'UPDATE profile_user SET first_name = $3, last_access_ms = $4 WHERE gateway_id = $1 AND user_id = $2',
};

export function updateValues(user: UserProfile): unknown[] {
  return [user.gatewayId, user.userId, user.firstName, String(user.lastAccessTime)];
}
