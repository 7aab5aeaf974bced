import * as generated from '../../generated/user_profile_types';
import type { EntityCodec } from '../entity-codec.port';
import { type CustomDashboard, customDashboardShape } from './custom-dashboard';
import { ownSchema } from './entity-schema';
import { enumeration, i64, list, nested, text } from './field-shapes';
import { type NsfDemographics, nsfDemographicsShape } from './nsf-demographics';
import { structCodec } from './struct-codec';
import { optional, required, struct } from './struct-shape';

/** In the order of the wire values. */
export const USER_STATES = [
  'ACTIVE',
  'CONFIRMED',
  'APPROVED',
  'DELETED',
  'DUPLICATE',
  'GRACE_PERIOD',
  'INVITED',
  'DENIED',
  'PENDING',
  'PENDING_APPROVAL',
  'PENDING_CONFIRMATION',
  'SUSPENDED',
  'DECLINED',
  'EXPIRED',
] as const;

export type UserState = (typeof USER_STATES)[number];

/** A user of a gateway (tenant). Times are ms since 1970. */
export interface UserProfile {
  /** Sent as "1.0" if omitted. */
  readonly userModelVersion?: string;
  /** Sent as "DO_NOT_SET_AT_CLIENTS" if omitted. */
  readonly airavataInternalUserId?: string;
  readonly userId: string;
  readonly gatewayId: string;
  readonly emails: readonly string[];
  readonly firstName: string;
  readonly lastName: string;
  readonly middleName?: string;
  readonly namePrefix?: string;
  readonly nameSuffix?: string;
  readonly orcidId?: string;
  readonly phones?: readonly string[];
  readonly country?: string;
  readonly nationality?: readonly string[];
  readonly homeOrganization?: string;
  /** `orginationAffiliation` on the wire. */
  readonly originationAffiliation?: string;
  readonly creationTime: bigint;
  readonly lastAccessTime: bigint;
  readonly validUntil: bigint;
  /** `State` on the wire. */
  readonly state: UserState;
  readonly comments?: string;
  readonly labeledURI?: readonly string[];
  readonly gpgKey?: string;
  readonly timeZone?: string;
  readonly nsfDemographics?: NsfDemographics;
  readonly customDashboard?: CustomDashboard;
}

const shape = struct<UserProfile>({
  userModelVersion: required(text, { fallback: '1.0' }),
  airavataInternalUserId: required(text, { fallback: 'DO_NOT_SET_AT_CLIENTS' }),
  userId: required(text),
  gatewayId: required(text),
  emails: required(list(text)),
  firstName: required(text),
  lastName: required(text),
  middleName: optional(text),
  namePrefix: optional(text),
  nameSuffix: optional(text),
  orcidId: optional(text),
  phones: optional(list(text)),
  country: optional(text),
  nationality: optional(list(text)),
  homeOrganization: optional(text),
  originationAffiliation: optional(text, { wireName: 'orginationAffiliation' }),
  creationTime: required(i64),
  lastAccessTime: required(i64),
  validUntil: required(i64),
  state: required(enumeration(USER_STATES), { wireName: 'State' }),
  comments: optional(text),
  labeledURI: optional(list(text)),
  gpgKey: optional(text),
  timeZone: optional(text),
  nsfDemographics: optional(nested(generated.NSFDemographics, nsfDemographicsShape)),
  customDashboard: optional(nested(generated.CustomDashboard, customDashboardShape)),
});

/**
 * Identified by `<userId>@<gatewayId>`, not by `airavataInternalUserId`: legacy services set that field late or never,
 * but the id of an entity must not change.
 */
export const userProfileCodec: EntityCodec<UserProfile> = structCodec({
  entityType: 'USER_PROFILE',
  stub: generated.UserProfile,
  schema: ownSchema('UserProfile', 'user_profile.thrift'),
  shape,
  idOf: ({ userId, gatewayId }) => (userId === '' || gatewayId === '' ? '' : `${userId}@${gatewayId}`),
});
