import type { Dependency } from '@dbem/db-event';
import { encodeEvent, encodeSubscriptionRequest, groupCodec, projectCodec } from '@dbem/entity-codec';
import { describe, expect, it } from 'vitest';
import { HandlerTable } from '../handlers/handler-table';
import type { ReplicaHandler } from '../handlers/replica-handler';
import { arrivedAs, failedSince, groupDelivery, legacyGroupDelivery } from '../spec-support/group-deliveries';
import { type DecodedEvent, decodeEvent, eventIn, supersedes } from './decoded-event';

const ignore = async () => {};
const groups: ReplicaHandler = { publisher: 'registry', codec: groupCodec, upsert: ignore, remove: ignore };
const projects: ReplicaHandler = { ...groups, codec: projectCodec };
const handlers = new HandlerTable([groups, projects]);

function decoded(delivery: ReturnType<typeof groupDelivery>): DecodedEvent {
  return decodeEvent(eventIn(delivery), delivery, handlers);
}

describe('decodeEvent', () => {
  it('An event is decoded by the codec of its handler, with the fields of its envelope', () => {
    const delivery = groupDelivery({ version: 5n, changeTimeMs: 1_000, repairNumber: 2n, name: 'Ada’s' });
    expect(decoded(delivery)).toStrictEqual({
      delivery,
      handler: groups,
      change: {
        publisher: 'registry',
        entityType: 'GROUP',
        entityId: 'g',
        entity: { id: 'g', name: 'Ada’s' },
        crudType: 'UPDATE',
        version: 5n,
        changeTimeMs: 1_000,
      },
      key: 'registry GROUP g',
      isDelete: false,
      arrival: undefined,
      firstFailedAt: undefined,
      dependencies: [],
      repairNumber: 2n,
    });
  });

  it.each([
    ['CREATE', false],
    ['READ', false],
    ['DELETE', true],
  ] as const)('An event of kind %s is a delete: %s', (crudType, isDelete) => {
    expect(decoded(groupDelivery({ crudType })).isDelete).toBe(isDelete);
  });

  it('An event that failed before has the time of its first failure', () => {
    expect(decoded(groupDelivery({}, failedSince('2026-11-01'))).firstFailedAt).toEqual(new Date('2026-11-01'));
  });

  it('Only an event without a version has an arrival', () => {
    expect(decoded(legacyGroupDelivery({}, arrivedAs(7n))).arrival).toBe(7n);
    expect(decoded(legacyGroupDelivery()).arrival).toBeUndefined();
    expect(decoded(groupDelivery({}, arrivedAs(7n))).arrival).toBeUndefined();
  });

  it('A legacy publisher’s event has the id of its entity', () => {
    const { change, key } = decoded(legacyGroupDelivery({ entityId: 'h' }));
    expect(change).toMatchObject({ entityId: 'h', version: undefined });
    expect(key).toBe('registry GROUP h');
  });

  it('An event whose envelope has another entity id than its entity is rejected', () => {
    expect(() => decoded(groupDelivery({ entityId: 'g', ownId: 'h' }))).toThrow(
      expect.objectContaining({ code: 'ENTITY_INVALID', message: expect.stringMatching(/"g".*"h"/) }),
    );
  });

  it('An event without a handler is rejected', () => {
    expect(() => decoded(groupDelivery({ entityType: 'TENANT' }))).toThrow(
      expect.objectContaining({ code: 'HANDLER_MISSING', message: expect.stringContaining('TENANT of registry') }),
    );
  });
});

describe('The dependencies of an event', () => {
  const owner: Dependency = { publisher: 'registry', entityType: 'GROUP', entityId: 'owner', minimumVersion: 3n };
  const project: Dependency = { ...owner, entityType: 'PROJECT', minimumVersion: undefined };

  it('Dependencies on entities that this service does not handle are ignored', () => {
    const dependencies = [
      { ...owner, publisher: 'sharing' },
      { ...owner, entityType: 'TENANT' } as const,
      owner,
      project,
      { ...owner, publisher: 'user.profile' },
    ];
    expect(decoded(groupDelivery({ dependencies })).dependencies).toEqual([owner, project]);
  });

  it('A delete depends on nothing', () => {
    expect(decoded(groupDelivery({ crudType: 'DELETE', dependencies: [owner] })).dependencies).toEqual([]);
  });

  it('An event does not depend on its own entity', () => {
    const own = { ...owner, entityId: 'g' };
    // The same id with another type or publisher is another entity.
    const others = [{ ...project, entityId: 'g' }];
    expect(decoded(groupDelivery({ dependencies: [own, ...others, owner] })).dependencies).toEqual([...others, owner]);
  });

  it('An entity of another publisher with the same type and id is another entity', () => {
    const table = new HandlerTable([groups, { ...groups, publisher: 'sharing' }]);
    const dependencies = [{ ...owner, publisher: 'sharing', entityId: 'g' }];
    const delivery = groupDelivery({ dependencies });
    expect(decodeEvent(eventIn(delivery), delivery, table).dependencies).toEqual(dependencies);
  });
});

describe('eventIn', () => {
  it('A request to subscribe is not an event', () => {
    const request = { action: 'SUBSCRIBE', publisher: 'a', subscriber: 'b', declareQueue: true } as const;
    const delivery = { ...groupDelivery(), body: encodeSubscriptionRequest(request) };
    expect(() => eventIn(delivery)).toThrow(
      expect.objectContaining({ code: 'MESSAGE_TYPE_UNKNOWN', message: expect.stringContaining('Expected an event') }),
    );
  });

  it('A heartbeat is an event whose entity is empty', () => {
    const event = { publisher: 'registry', entityType: 'REGISTRY', crudType: 'READ', isHeartbeat: true } as const;
    const body = encodeEvent({ ...event, entity: Buffer.alloc(0), entityId: 'heartbeat', version: 7n });
    expect(eventIn({ ...groupDelivery(), body })).toMatchObject({ isHeartbeat: true, version: 7n });
  });
});

describe('supersedes', () => {
  const versioned = (version: bigint, repairNumber?: bigint) => decoded(groupDelivery({ version, repairNumber }));

  it.each([
    [6n, 5n, true],
    [5n, 6n, false],
    [5n, 5n, false],
  ])('Version %s supersedes version %s: %s', (later, earlier, expected) => {
    expect(supersedes(versioned(later), versioned(earlier))).toBe(expected);
  });

  it.each([
    [2n, 1n, true],
    [1n, 2n, false],
    [1n, undefined, true],
    [undefined, 1n, false],
    [2n, 2n, false],
  ])('Repair %s of a version supersedes repair %s of it: %s', (later, earlier, expected) => {
    expect(supersedes(versioned(5n, later), versioned(5n, earlier))).toBe(expected);
  });

  it('A higher version supersedes a lower one, whatever their repair numbers', () => {
    expect(supersedes(versioned(6n, 1n), versioned(5n, 9n))).toBe(true);
    expect(supersedes(versioned(5n, 9n), versioned(6n, 1n))).toBe(false);
  });

  it.each([
    ['A later arrival', 'an earlier one', true, arrivedAs(2n), arrivedAs(1n)],
    ['An earlier arrival', 'a later one', false, arrivedAs(1n), arrivedAs(2n)],
    ['An arrival', 'the same one', false, arrivedAs(1n), arrivedAs(1n)],
    ['An arrival', 'an event without one', true, arrivedAs(1n), {}],
    ['An event without an arrival', 'one with an arrival', true, {}, arrivedAs(1n)],
    ['An event without an arrival', 'another one', true, {}, {}],
    ['An event without an arrival that failed', 'a fresh one', true, failedSince('2026-11-01'), {}],
  ])('Of two legacy events, %s supersedes %s: %s', (_later, _earlier, expected, later, earlier) => {
    const [one, other] = [decoded(legacyGroupDelivery({}, later)), decoded(legacyGroupDelivery({}, earlier))];
    expect(supersedes(one, other)).toBe(expected);
  });

  it('Of an event with a version and one without, the later one wins', () => {
    const legacy = decoded(legacyGroupDelivery({}, arrivedAs(1n)));
    expect(supersedes(legacy, versioned(9n))).toBe(true);
    expect(supersedes(versioned(9n), legacy)).toBe(true);
  });
});
