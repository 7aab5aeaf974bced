import { createRequire } from 'node:module';
import { DbEventError } from '@dbem/db-event';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EntityCodec } from '../entity-codec.port';
import { GATEWAY_APPROVAL_STATUSES, gatewayCodec } from './gateway';
import { groupCodec } from './group';
import { projectCodec } from './project';
import { USER_STATES, type UserProfile, userProfileCodec } from './user-profile';

const words = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).filter((value) => !value.includes('\0'));
const i64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });

const user = fc.record(
  {
    userModelVersion: words,
    airavataInternalUserId: words,
    userId: words,
    gatewayId: words,
    emails: fc.array(words),
    firstName: words,
    lastName: words,
    middleName: words,
    phones: fc.array(words),
    originationAffiliation: words,
    creationTime: i64,
    lastAccessTime: i64,
    validUntil: i64,
    state: fc.constantFrom(...USER_STATES),
    labeledURI: fc.array(words),
    nsfDemographics: fc.record({
      airavataInternalUserId: words,
      usCitizenship: fc.constantFrom('US_CITIZEN' as const, 'OTHER_NON_US_CITIZEN' as const),
      disabilities: fc.array(fc.constantFrom('HEARING_IMPAIRED' as const, 'OTHER_IMPAIRMENT' as const)),
    }),
    customDashboard: fc.record({ airavataInternalUserId: words, errors: words, experimentId: words }),
  },
  {
    requiredKeys: [
      'userModelVersion',
      'airavataInternalUserId',
      'userId',
      'gatewayId',
      'emails',
      'firstName',
      'lastName',
      'creationTime',
      'lastAccessTime',
      'validUntil',
      'state',
    ],
  },
);
const gateway = fc.record(
  {
    gatewayId: words,
    gatewayApprovalStatus: fc.constantFrom(...GATEWAY_APPROVAL_STATUSES),
    gatewayName: words,
    oauthClientSecret: words,
    requestCreationTime: i64,
    requesterUsername: words,
  },
  { requiredKeys: ['gatewayId', 'gatewayApprovalStatus'] },
);
const group = fc.record(
  { id: words, name: words, ownerId: words, members: fc.array(words), admins: fc.array(words) },
  { requiredKeys: ['id'] },
);
const project = fc.record(
  { projectID: words, owner: words, gatewayId: words, name: words, creationTime: i64, sharedGroups: fc.array(words) },
  { requiredKeys: ['projectID', 'owner', 'gatewayId', 'name'] },
);

const ADA: UserProfile = {
  userId: 'ada',
  gatewayId: 'seagrid',
  emails: ['ada@example.org'],
  firstName: 'Ada',
  lastName: 'Lovelace',
  creationTime: 1n,
  lastAccessTime: 2n,
  validUntil: 3n,
  state: 'ACTIVE',
};

function expectRoundTrips<Entity>(codec: EntityCodec<Entity>, entities: fc.Arbitrary<Entity>): void {
  fc.assert(
    fc.property(entities, (entity) => {
      expect(codec.decode(codec.encode(entity))).toEqual(entity);
    }),
  );
}

function faultOf(action: () => unknown): { code: string; message: string } {
  try {
    action();
  } catch (error) {
    if (error instanceof DbEventError) return { code: error.code, message: error.message };
    throw error;
  }
  return { code: 'none', message: '' };
}

describe('entity codecs', () => {
  it('Entity codecs decode every user, tenant, group and project as it was encoded', () => {
    expectRoundTrips(userProfileCodec, user);
    expectRoundTrips(gatewayCodec, gateway);
    expectRoundTrips(groupCodec, group);
    expectRoundTrips(projectCodec, project);
  });

  it('Entity codecs write bytes that the thrift package can read', () => {
    const require = createRequire(import.meta.url);
    const { TBinaryProtocol, TFramedTransport } = require('thrift');
    const { UserProfile: Stub } = require('../../generated/user_profile_types');
    const stub = new Stub();
    stub.read(new TBinaryProtocol(new TFramedTransport(userProfileCodec.encode(ADA))));
    expect(stub).toMatchObject({ userId: 'ada', emails: ['ada@example.org'], State: 0, userModelVersion: '1.0' });
    expect(stub.validUntil.toNumber()).toBe(3);
  });

  it('projectCodec encodes a project byte for byte as the wire contract defines', () => {
    const bytes = projectCodec.encode({
      projectID: 'p1',
      owner: 'ada',
      gatewayId: 'gw',
      name: 'N',
      creationTime: 258n,
    });
    const expected = [
      '0b0001 00000002 7031', // 1: projectID
      '0b0002 00000003 616461', // 2: owner
      '0b0003 00000002 6777', // 3: gatewayId
      '0b0004 00000001 4e', // 4: name
      '0a0006 0000000000000102', // 6: creationTime
      '00',
    ];
    expect(bytes.toString('hex')).toBe(expected.join('').replaceAll(' ', ''));
  });

  it('Entity codecs write the wire contract’s defaults for omitted fields', () => {
    const decoded = userProfileCodec.decode(userProfileCodec.encode(ADA));
    expect(decoded.userModelVersion).toBe('1.0');
    expect(decoded.airavataInternalUserId).toBe('DO_NOT_SET_AT_CLIENTS');
  });

  it('idOf builds the id from fields that never change', () => {
    expect(userProfileCodec.idOf(ADA)).toBe('ada@seagrid');
    expect(gatewayCodec.idOf({ gatewayId: 'seagrid', gatewayApprovalStatus: 'ACTIVE' })).toBe('seagrid');
  });

  it('Entity codecs decode damaged bytes or reject them with a DbEventError, never with another error', () => {
    const bytes = userProfileCodec.encode(ADA);
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 4 }), (changes) => {
        const damaged = Buffer.from(bytes);
        for (const [place, value] of changes) damaged[place % damaged.length] = value;
        expect(['none', 'ENTITY_MALFORMED', 'ENTITY_INVALID']).toContain(
          faultOf(() => userProfileCodec.decode(damaged)).code,
        );
      }),
      { numRuns: 10_000 },
    );
  });

  it.each([
    ['a missing required field', () => projectCodec.decode(Buffer.from([0])), 'PROJECT.projectID is missing'],
    [
      'a missing required field that has a default',
      () => userProfileCodec.decode(Buffer.from([0])),
      'userModelVersion is missing',
    ],
    [
      'an unknown enum value',
      () => gatewayCodec.decode(Buffer.from('0b000200000001610800030000006300', 'hex')),
      'unknown value 99',
    ],
    [
      'an i64 as a number',
      () => projectCodec.encode({ ...aProject(), creationTime: JSON.parse('5') }),
      'is not a bigint',
    ],
    ['an i64 of 65 bits', () => projectCodec.encode({ ...aProject(), creationTime: 2n ** 63n }), '64 bits'],
    ['a NUL character', () => projectCodec.encode({ ...aProject(), name: 'a\0b' }), 'NUL'],
    ['half a surrogate pair', () => projectCodec.encode({ ...aProject(), name: '\ud800' }), 'surrogate'],
    ['an empty id', () => groupCodec.encode({ id: '' }), 'empty id'],
  ])('Entity codecs reject %s', (_what, action, fault) => {
    const { code, message } = faultOf(action);
    expect(code).toBe('ENTITY_INVALID');
    expect(message).toContain(fault);
  });

  it('Entity codecs skip unknown fields', () => {
    const bytes = projectCodec.encode(aProject());
    const unknownField = Buffer.from('0d00c8 0b08 00000001 00000001 61 00000007'.replaceAll(' ', ''), 'hex');
    expect(projectCodec.decode(Buffer.concat([unknownField, bytes]))).toEqual(aProject());
  });
});

function aProject() {
  return { projectID: 'p', owner: 'o', gatewayId: 'g', name: 'n' };
}
