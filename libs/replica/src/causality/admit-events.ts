import type { Dependency, Version } from '@dbem/db-event';
import type { ClientBase } from 'pg';
import type { DecodedEvent } from '../events/decoded-event';
import { compareKeys, type GateCandidate, type GatePass, keyText, passGate } from '../postgres/version-gate';
import { metDependencies } from './dependency-states';
import { type BlockedEvent, resolveDependencies } from './resolve-dependencies';

export interface Admission {
  /** The events that passed the gate, by `keyText`. */
  readonly passes: ReadonlyMap<string, GatePass>;
  /** The events that went to the gate, in the order in which they must be applied. */
  readonly layers: readonly (readonly DecodedEvent[])[];
  /**
   * The events that must be deferred. The rows of their dependencies are locked, so another transaction applies these
   * only after this one.
   */
  readonly blocked: readonly BlockedEvent[];
}

/** The newest version and the latest arrival among the events of an entity. */
export interface Newest {
  readonly version?: Version;
  readonly arrival?: bigint;
}

/** Lower than every version: a row with it is not an entity's state, and satisfies no dependency. */
const PLACEHOLDER_VERSION = -1n;

const DROP_PLACEHOLDERS = `
  DELETE FROM db_event.replica_version
  WHERE version = ${PLACEHOLDER_VERSION}
    AND (publisher, entity_type, entity_id) IN (SELECT * FROM unnest($1::text[], $2::text[], $3::text[]))`;

/**
 * Passes events whose dependencies are met through the gate, and locks the rows of dependencies that are missing.
 *
 * The lock closes a race: while this transaction finds that an owner is missing, another instance may be applying that
 * owner without seeing the event that is about to be deferred here, which would then wait indefinitely. So the missing
 * dependency goes to the gate as well, as a placeholder with the lowest version. If the other instance was first, this
 * transaction waits for it and then finds the owner. If this one was first, the other waits and then finds the deferred
 * event. One statement locks all rows in one order, so instances that defer events for each other's changes don't
 * deadlock. Placeholders are deleted before the transaction commits, so they are visible to no other transaction.
 *
 * @param events one per entity, sorted (`compareKeys`).
 * @param newest by `keyText`, of the whole batch, including events that are left out. Entities whose events all have a
 *   version may be missing.
 */
export async function admitEvents(
  transaction: ClientBase,
  events: readonly DecodedEvent[],
  newest: ReadonlyMap<string, Newest>,
): Promise<Admission> {
  if (events.every(({ dependencies }) => dependencies.length === 0)) {
    const candidates = events.map((event) => candidateOf(event, newest));
    return { passes: await passGate(transaction, candidates), layers: [events], blocked: [] };
  }
  const passes = new Map<string, GatePass>();
  const layers: (readonly DecodedEvent[])[] = [];
  const atGate = new Set<string>();
  const placeholders: Dependency[] = [];
  let remaining = events;
  for (;;) {
    const isMet = await metDependencies(
      transaction,
      remaining.flatMap(({ dependencies }) => dependencies),
    );
    const resolution = resolveDependencies(remaining, { isMet, isPreferred: (one) => atGate.has(keyText(one)) });
    layers.push(...resolution.layers);
    const candidates: GateCandidate[] = resolution.layers.flat().map((event) => candidateOf(event, newest));
    const awaited = missingOf(resolution.blocked, atGate, candidates);
    const sorted = [...candidates, ...awaited].sort(compareKeys);
    for (const [key, pass] of await passGate(transaction, sorted)) passes.set(key, pass);
    for (const { key } of sorted) atGate.add(key);
    placeholders.push(...awaited);
    remaining = resolution.blocked.map(({ event }) => event);
    // Everything that is still blocked waits for rows that were locked before the last check of its dependencies.
    if (sorted.length === 0) {
      await dropPlaceholders(transaction, placeholders);
      return { passes, layers, blocked: resolution.blocked };
    }
  }
}

function candidateOf(
  { change, key, isDelete, arrival, repairNumber }: DecodedEvent,
  newest: ReadonlyMap<string, Newest>,
): GateCandidate {
  const { publisher, entityType, entityId, version } = change;
  const { version: newestVersion, arrival: replacedArrival } = newest.get(key) ?? {};
  const replacedVersion = version === undefined ? newestVersion : undefined;
  const place = { version, arrival, replacedVersion, replacedArrival };
  return { publisher, entityType, entityId, key, ...place, isDelete, repairNumber };
}

function missingOf(
  blocked: readonly BlockedEvent[],
  atGate: ReadonlySet<string>,
  candidates: readonly GateCandidate[],
): GateCandidate[] {
  const known = new Set([...atGate, ...candidates.map(({ key }) => key)]);
  const missing = new Map<string, GateCandidate>();
  for (const { waitsFor } of blocked) {
    const key = keyText(waitsFor);
    if (known.has(key) || missing.has(key)) continue;
    const { publisher, entityType, entityId } = waitsFor;
    missing.set(key, { publisher, entityType, entityId, key, version: PLACEHOLDER_VERSION, isDelete: true });
  }
  return [...missing.values()];
}

async function dropPlaceholders(transaction: ClientBase, placeholders: readonly Dependency[]): Promise<void> {
  if (placeholders.length === 0) return;
  await transaction.query(DROP_PLACEHOLDERS, [
    placeholders.map(({ publisher }) => publisher),
    placeholders.map(({ entityType }) => entityType),
    placeholders.map(({ entityId }) => entityId),
  ]);
}
