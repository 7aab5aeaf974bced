import * as generated from '../../generated/gateway_types';
import type { EntityCodec } from '../entity-codec.port';
import { ownSchema } from './entity-schema';
import { enumeration, i64, text } from './field-shapes';
import { structCodec } from './struct-codec';
import { optional, required, struct } from './struct-shape';

/** In the order of the wire values. */
export const GATEWAY_APPROVAL_STATUSES = [
  'REQUESTED',
  'APPROVED',
  'ACTIVE',
  'DEACTIVATED',
  'CANCELLED',
  'DENIED',
  'CREATED',
  'DEPLOYED',
] as const;

export type GatewayApprovalStatus = (typeof GATEWAY_APPROVAL_STATUSES)[number];

/** A tenant. */
export interface Gateway {
  readonly airavataInternalGatewayId?: string;
  readonly gatewayId: string;
  readonly gatewayApprovalStatus: GatewayApprovalStatus;
  readonly gatewayName?: string;
  readonly domain?: string;
  readonly emailAddress?: string;
  readonly gatewayAcronym?: string;
  readonly gatewayURL?: string;
  readonly gatewayPublicAbstract?: string;
  readonly reviewProposalDescription?: string;
  readonly gatewayAdminFirstName?: string;
  readonly gatewayAdminLastName?: string;
  readonly gatewayAdminEmail?: string;
  readonly identityServerUserName?: string;
  readonly identityServerPasswordToken?: string;
  readonly declinedReason?: string;
  readonly oauthClientId?: string;
  readonly oauthClientSecret?: string;
  /** ms since 1970. */
  readonly requestCreationTime?: bigint;
  readonly requesterUsername?: string;
}

const shape = struct<Gateway>({
  airavataInternalGatewayId: optional(text),
  gatewayId: required(text),
  gatewayApprovalStatus: required(enumeration(GATEWAY_APPROVAL_STATUSES)),
  gatewayName: optional(text),
  domain: optional(text),
  emailAddress: optional(text),
  gatewayAcronym: optional(text),
  gatewayURL: optional(text),
  gatewayPublicAbstract: optional(text),
  reviewProposalDescription: optional(text),
  gatewayAdminFirstName: optional(text),
  gatewayAdminLastName: optional(text),
  gatewayAdminEmail: optional(text),
  identityServerUserName: optional(text),
  identityServerPasswordToken: optional(text),
  declinedReason: optional(text),
  oauthClientId: optional(text),
  oauthClientSecret: optional(text),
  requestCreationTime: optional(i64),
  requesterUsername: optional(text),
});

/** Identified by `gatewayId`. */
export const gatewayCodec: EntityCodec<Gateway> = structCodec({
  entityType: 'TENANT',
  stub: generated.Gateway,
  schema: ownSchema('Gateway', 'gateway.thrift'),
  shape,
  idOf: ({ gatewayId }) => gatewayId,
});
