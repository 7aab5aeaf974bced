import type { EntityType } from '@dbem/db-event';
import type { DescribedEvent } from '../parked/parked.service';

/** What a publisher answers to `publisher.entity`. */
export interface SourceEntity {
  readonly version: string | null;
  readonly deleted: boolean;
  readonly changedAtMs: number | null;
  readonly unpublished: readonly string[];
}

/** What a held event is listed as by `replica.held` and `replica.entity`. */
export interface HeldListing {
  readonly publisher: string;
  readonly entityType: EntityType;
  readonly entityId: string;
  readonly version: string;
  readonly waitsFor: {
    readonly publisher: string;
    readonly entityType: EntityType;
    readonly entityId: string;
    readonly version: string | null;
  };
  readonly heldSinceMs: number;
  readonly attempts: number;
}

/** What a service answers to `replica.entity`. */
export interface ReplicatedEntity {
  readonly isHandled: boolean;
  readonly version: string | null;
  readonly deleted: boolean;
  readonly appliedAtMs: number | null;
  readonly held: HeldListing | null;
}

/** A service's answer, or why there is none. */
export type Answer<Result> = { readonly result: Result } | { readonly reason: string };

/**
 * How a replica stands to the source:
 *
 * - `current`: it has the source's version (an old publisher's has none to compare), or neither has the entity
 * - `held`, `parked`: the newest version that came to it waits for what it depends on, or can't be applied
 * - `underway`: the source's version has not come to it yet, as far as anybody can tell
 * - `different`: it has what the source does not have (any more), or never published
 * - `unhandled`: the service is subscribed, but handles no such entities
 * - `unknown`: the publisher can't be asked
 * - `unreachable`: the service can't be asked
 */
export const STANDINGS = [
  'current',
  'held',
  'parked',
  'underway',
  'different',
  'unhandled',
  'unknown',
  'unreachable',
] as const;

export type Standing = (typeof STANDINGS)[number];

export interface ServiceReport {
  readonly service: string;
  readonly standing: Standing;
  readonly answer: Answer<ReplicatedEntity>;
  /** Events of the entity in the service's parked queue. */
  readonly parked: readonly DescribedEvent[];
}

export interface EntityReport {
  readonly source: Answer<SourceEntity>;
  readonly services: readonly ServiceReport[];
}

export function standingOf(
  source: Answer<SourceEntity>,
  answer: Answer<ReplicatedEntity>,
  parked: readonly DescribedEvent[],
): Standing {
  if ('reason' in answer) return 'unreachable';
  const { isHandled, version, deleted, held } = answer.result;
  if (!isHandled) return 'unhandled';
  const has = BigInt(version ?? 0);
  if (held !== null && BigInt(held.version) > has) return 'held';
  if (parked.some(({ content }) => content.version === undefined || content.version > has)) return 'parked';
  if ('reason' in source) return 'unknown';
  if (source.result.version === null) return version === null || deleted || has === 0n ? 'current' : 'different';
  const wanted = BigInt(source.result.version);
  if (has < wanted) return 'underway';
  // Newer than the source, which was asked at the same time: the source has been restored, or has gone on since.
  return has === wanted && deleted !== source.result.deleted ? 'different' : 'current';
}
