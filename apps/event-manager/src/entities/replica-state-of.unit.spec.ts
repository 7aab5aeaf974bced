import type { DeferredEventSummary, ReadState, ReplicatedEntity, SourceEntity } from '@dbem/transport';
import { describe, expect, it } from 'vitest';
import { standIn } from '../../../../test/support/doubles/stand-in';
import type { DescribedEvent } from '../parked/parked.service';
import type { Answer, EntityReads } from './entity-report';
import { replicaStateOf } from './replica-state-of';

const REPLICA: ReplicatedEntity = { isHandled: true, version: '5', deleted: false, appliedAtMs: 1, deferred: null };
const SOURCE: SourceEntity = { version: '5', deleted: false, changedAtMs: 1, unpublished: [] };

function read(version: string | null, state?: string, isDeleted = false): ReadState {
  const isPresent = state !== undefined;
  return { entityId: 'e', version, isDeleted, isPresent, values: isPresent ? [JSON.stringify(state)] : [] };
}

function state(found: {
  replica?: Partial<ReplicatedEntity>;
  source?: Answer<SourceEntity>;
  parked?: bigint | 'unversioned';
  reads?: [replica: ReadState, source: ReadState];
}) {
  const { replica = {}, source = { result: SOURCE }, parked, reads } = found;
  const content = { version: parked === 'unversioned' ? undefined : parked };
  return replicaStateOf({
    source,
    answer: { result: { ...REPLICA, ...replica } },
    parked: parked === undefined ? [] : [standIn<DescribedEvent>({ content })],
    reads: reads && ({ fields: ['name'], replica: reads[0], source: reads[1] } satisfies EntityReads),
  });
}

describe('replicaStateOf', () => {
  it('The state of a replica follows from the versions if the entities can’t be read', () => {
    expect(state({})).toBe('current');
    expect(state({ replica: { version: '4' } })).toBe('underway');
    expect(state({ replica: { version: null } })).toBe('underway');
    expect(state({ replica: { version: '6' } })).toBe('different');
    expect(state({ replica: { deleted: true } })).toBe('different');
    const unpublished = { result: { ...SOURCE, version: null } };
    expect(state({ source: unpublished })).toBe('different');
    expect(state({ source: unpublished, replica: { deleted: true } })).toBe('current');
    expect(state({ source: unpublished, replica: { version: '0' } })).toBe('current');
  });

  it('The state of a replica follows from both entities if they can be read', () => {
    expect(state({ reads: [read('5', 'a'), read('5', 'a')] })).toBe('current');
    expect(state({ reads: [read('5', 'a'), read('5', 'b')] })).toBe('different');
    expect(state({ reads: [read('5'), read('5', 'a')] })).toBe('different');
    expect(state({ reads: [read('4', 'a'), read('5', 'b')] })).toBe('underway');
    expect(state({ reads: [read(null), read('5', 'b')] })).toBe('underway');
    expect(state({ reads: [read('6', 'a'), read('5', 'a')] })).toBe('different');
  });

  it('A delete that has not arrived yet is underway, and an orphan is different', () => {
    expect(state({ reads: [read('4', 'a'), read('5', undefined, true)] })).toBe('underway');
    expect(state({ reads: [read('6', 'a'), read('5', undefined, true)] })).toBe('different');
    expect(state({ reads: [read('4', 'a'), read(null)] })).toBe('different');
    expect(state({ reads: [read('4', undefined, true), read('5', undefined, true)] })).toBe('current');
    expect(state({ reads: [read(null), read(null)] })).toBe('current');
  });

  it('An entity that the source never published and the replica lacks is different, not underway', () => {
    expect(state({ reads: [read(null), read(null, 'a')] })).toBe('different');
    expect(state({ reads: [read('4', undefined, true), read('5', 'a', true)] })).toBe('different');
  });

  it('A deferred or parked event determines the state while it is newer than the replica', () => {
    const deferred = (version: string) => ({ deferred: standIn<DeferredEventSummary>({ version }) });
    expect(state({ replica: deferred('6') })).toBe('deferred');
    expect(state({ replica: deferred('5') })).toBe('current');
    expect(state({ parked: 6n })).toBe('parked');
    expect(state({ parked: 5n })).toBe('current');
    expect(state({ parked: 'unversioned' })).toBe('parked');
  });

  it('A replica is unknown, unhandled or unreachable if source or replica gives no answer', () => {
    expect(state({ source: { reason: 'SERVICE_UNREACHABLE' } })).toBe('unknown');
    expect(state({ replica: { isHandled: false } })).toBe('unhandled');
    const answer = { reason: 'SERVICE_UNREACHABLE' };
    expect(replicaStateOf({ source: { result: SOURCE }, answer, parked: [], reads: undefined })).toBe('unreachable');
  });
});
