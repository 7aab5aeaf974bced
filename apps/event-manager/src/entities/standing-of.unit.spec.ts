import type { HeldListing, LookedAt, ReplicatedEntity, SourceEntity } from '@dbem/transport';
import { describe, expect, it } from 'vitest';
import { standIn } from '../../../../test/support/doubles/stand-in';
import type { DescribedEvent } from '../parked/parked.service';
import type { Answer, EntityLooks } from './entity-report';
import { standingOf } from './standing-of';

const REPLICA: ReplicatedEntity = { isHandled: true, version: '5', deleted: false, appliedAtMs: 1, held: null };
const SOURCE: SourceEntity = { version: '5', deleted: false, changedAtMs: 1, unpublished: [] };

function look(version: string | null, state?: string, isDeleted = false): LookedAt {
  const isPresent = state !== undefined;
  return { entityId: 'e', version, isDeleted, isPresent, values: isPresent ? [JSON.stringify(state)] : [] };
}

function standing(found: {
  replica?: Partial<ReplicatedEntity>;
  source?: Answer<SourceEntity>;
  parked?: bigint | 'unversioned';
  looks?: [replica: LookedAt, source: LookedAt];
}) {
  const { replica = {}, source = { result: SOURCE }, parked, looks } = found;
  const content = { version: parked === 'unversioned' ? undefined : parked };
  return standingOf({
    source,
    answer: { result: { ...REPLICA, ...replica } },
    parked: parked === undefined ? [] : [standIn<DescribedEvent>({ content })],
    looks: looks && ({ fields: ['name'], replica: looks[0], source: looks[1] } satisfies EntityLooks),
  });
}

describe('standingOf', () => {
  it('The state of a replica follows from the versions where the entities can’t be read', () => {
    expect(standing({})).toBe('current');
    expect(standing({ replica: { version: '4' } })).toBe('underway');
    expect(standing({ replica: { version: null } })).toBe('underway');
    expect(standing({ replica: { version: '6' } })).toBe('different');
    expect(standing({ replica: { deleted: true } })).toBe('different');
    const unpublished = { result: { ...SOURCE, version: null } };
    expect(standing({ source: unpublished })).toBe('different');
    expect(standing({ source: unpublished, replica: { deleted: true } })).toBe('current');
    expect(standing({ source: unpublished, replica: { version: '0' } })).toBe('current');
  });

  it('The state of a replica follows from both entities where they can be read', () => {
    expect(standing({ looks: [look('5', 'a'), look('5', 'a')] })).toBe('current');
    expect(standing({ looks: [look('5', 'a'), look('5', 'b')] })).toBe('different');
    expect(standing({ looks: [look('5'), look('5', 'a')] })).toBe('different');
    expect(standing({ looks: [look('4', 'a'), look('5', 'b')] })).toBe('underway');
    expect(standing({ looks: [look(null), look('5', 'b')] })).toBe('underway');
    expect(standing({ looks: [look('6', 'a'), look('5', 'a')] })).toBe('different');
  });

  it('A delete that has not arrived yet is underway, and an orphan is different', () => {
    expect(standing({ looks: [look('4', 'a'), look('5', undefined, true)] })).toBe('underway');
    expect(standing({ looks: [look('6', 'a'), look('5', undefined, true)] })).toBe('different');
    expect(standing({ looks: [look('4', 'a'), look(null)] })).toBe('different');
    expect(standing({ looks: [look('4', undefined, true), look('5', undefined, true)] })).toBe('current');
    expect(standing({ looks: [look(null), look(null)] })).toBe('current');
  });

  it('An entity that the source never published and the replica lacks is different, not underway', () => {
    expect(standing({ looks: [look(null), look(null, 'a')] })).toBe('different');
    expect(standing({ looks: [look('4', undefined, true), look('5', 'a', true)] })).toBe('different');
  });

  it('A deferred or parked event determines the state while it is newer than the replica', () => {
    const held = (version: string) => ({ held: standIn<HeldListing>({ version }) });
    expect(standing({ replica: held('6') })).toBe('held');
    expect(standing({ replica: held('5') })).toBe('current');
    expect(standing({ parked: 6n })).toBe('parked');
    expect(standing({ parked: 5n })).toBe('current');
    expect(standing({ parked: 'unversioned' })).toBe('parked');
  });

  it('A replica is unknown, unhandled or unreachable where source or replica gives no answer', () => {
    expect(standing({ source: { reason: 'SERVICE_UNREACHABLE' } })).toBe('unknown');
    expect(standing({ replica: { isHandled: false } })).toBe('unhandled');
    const answer = { reason: 'SERVICE_UNREACHABLE' };
    expect(standingOf({ source: { result: SOURCE }, answer, parked: [], looks: undefined })).toBe('unreachable');
  });
});
