import type { CrudType } from '@dbem/db-event';
import {
  encodeEvent,
  encodeReply,
  encodeSubscriptionRequest,
  gatewayCodec,
  groupCodec,
  projectCodec,
  userProfileCodec,
} from '@dbem/entity-codec';

const user = userProfileCodec.encode({
  airavataInternalUserId: 'ada@gw',
  userId: 'ada',
  gatewayId: 'gw',
  emails: ['ada@example.org', 'lovelace@example.org'],
  firstName: 'Ada',
  lastName: 'Lovelace',
  phones: ['1', '2'],
  nationality: ['GB'],
  creationTime: 1n,
  lastAccessTime: 2n,
  validUntil: 3n,
  state: 'ACTIVE',
  comments: 'ünïcode',
  nsfDemographics: { airavataInternalUserId: 'ada@gw', gender: 'f', ethnicities: ['NOT_HISPANIC_LATINO'] },
  customDashboard: { airavataInternalUserId: 'ada@gw', experimentId: 'yes' },
} as never);
const gateway = gatewayCodec.encode({ gatewayId: 'gw', gatewayApprovalStatus: 'APPROVED', requestCreationTime: 7n });
const group = groupCodec.encode({ id: 'g', name: 'group', members: ['ada', 'bob'], admins: ['ada'] });
const project = projectCodec.encode({ projectID: 'p', owner: 'ada', gatewayId: 'gw', name: 'n', sharedUsers: ['bob'] });

/** A complete entity of each type, with its publisher. */
export const GOLDEN_ENTITIES = [
  { publisher: 'user.profile', entityType: 'USER_PROFILE', entityId: 'ada@gw', entity: user },
  { publisher: 'user.profile', entityType: 'TENANT', entityId: 'gw', entity: gateway },
  { publisher: 'sharing', entityType: 'GROUP', entityId: 'g', entity: group },
  { publisher: 'registry', entityType: 'PROJECT', entityId: 'p', entity: project },
] as const;

export function eventAround(golden: (typeof GOLDEN_ENTITIES)[number], crudType: CrudType, entity: Buffer): Buffer {
  return encodeEvent({ ...golden, entity, crudType, version: 5n, eventId: 'e', changeTimeMs: 1_700_000_000_000 });
}

/** Valid messages, as input for mutations. */
export const GOLDEN_MESSAGES: readonly Buffer[] = [
  ...GOLDEN_ENTITIES.map((golden) => eventAround(golden, 'UPDATE', golden.entity)),
  ...GOLDEN_ENTITIES.map(({ publisher, entityType, entity }) =>
    encodeEvent({ publisher, entityType, crudType: 'DELETE', entity }),
  ),
  encodeSubscriptionRequest({ action: 'SUBSCRIBE', publisher: 'registry', subscriber: 'sharing', declareQueue: false }),
  encodeSubscriptionRequest({
    action: 'UNSUBSCRIBE',
    publisher: 'registry',
    subscriber: 'sharing',
    entityTypes: ['PROJECT', 'GROUP'],
    declareQueue: true,
  }),
  encodeReply({ status: 'ACCEPTED', services: ['sharing', 'registry'], expiredSinceMs: 1 }),
  encodeReply({ status: 'REJECTED', code: 'MAP_UNAVAILABLE', reason: 'away', retryable: true }),
];
