import { type UserProfile, userProfileCodec } from '@dbem/entity-codec';
import type { ReconcileSource } from '@dbem/outbox';
import { type UserRow, userProfileOf } from './user-row';

/** How users are read back for reconcile. */
export const userSource: ReconcileSource<UserProfile, UserRow> = {
  codec: userProfileCodec,
  rows: `SELECT (user_id || '@' || gateway_id) COLLATE "C" AS entity_id, * FROM profile_user`,
  fields: {
    userId: 'user_id',
    gatewayId: 'gateway_id',
    firstName: 'first_name',
    lastName: 'last_name',
    emails: 'emails',
    middleName: 'middle_name',
    namePrefix: 'name_prefix',
    nameSuffix: 'name_suffix',
    orcidId: 'orcid_id',
    phones: 'phones',
    country: 'country',
    nationality: 'nationality',
    homeOrganization: 'home_organization',
    originationAffiliation: 'origination_affiliation',
    state: 'state',
    comments: 'comments',
    labeledURI: 'labeled_uri',
    gpgKey: 'gpg_key',
    timeZone: 'time_zone',
    creationTime: 'created_ms',
    lastAccessTime: 'last_access_ms',
    validUntil: 'valid_until_ms',
  },
  entityOf: userProfileOf,
  ghostOf: (entityId, known) => {
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
