import type { ClientBase } from 'pg';
import { admitEvents, type Newest } from '../causality/admit-events';
import { deferEvents, dropDeferred } from '../causality/deferred-events';
import type { BlockedEvent } from '../causality/resolve-dependencies';
import { type DecodedEvent, supersedes } from '../events/decoded-event';
import type { ReplicaChange, ReplicaHandler } from '../handlers/replica-handler';
import { compareKeys, type GatePass } from '../postgres/version-gate';

export interface ApplyResult {
  readonly applied: readonly ReplicaChange<unknown>[];
  /** Number of `staleEvents`: of a version that the replica already had, or of an older one. */
  readonly stale: number;
  /** The stale events that had failed before: a newer version of their entity was applied while they waited. */
  readonly staleRetries: readonly DecodedEvent[];
  /** Number of `deferredEvents`: stored in the replica's database until their dependencies are applied. */
  readonly deferred: number;
  readonly staleEvents: readonly DecodedEvent[];
  readonly deferredEvents: readonly DecodedEvent[];
}

interface Work {
  readonly upserts: ReplicaChange<unknown>[];
  readonly removes: ReplicaChange<unknown>[];
}

interface Outcome {
  readonly applied: ReplicaChange<unknown>[];
  readonly passed: Set<DecodedEvent>;
  readonly waiting: Set<DecodedEvent>;
}

/**
 * Applies events in one transaction. Of each entity only the newest event counts, since every event contains the whole
 * entity. An event whose dependencies are met and that passes the version gate goes to its handler, after the events
 * that it depends on. An event with unmet dependencies is deferred.
 */
export async function applyEvents(transaction: ClientBase, events: readonly DecodedEvent[]): Promise<ApplyResult> {
  const released = events.filter(({ deferredSince }) => deferredSince !== undefined);
  await dropDeferred(transaction, released);
  const outcome: Outcome = { applied: [], passed: new Set(), waiting: new Set() };
  await applyOrDefer(transaction, events, outcome);
  const stale = events.filter((event) => !outcome.passed.has(event) && !outcome.waiting.has(event));
  const deferred = [...outcome.waiting].filter(({ deferredSince }) => deferredSince === undefined);
  return {
    applied: outcome.applied,
    stale: stale.length,
    staleRetries: stale.filter(({ firstFailedAt }) => firstFailedAt !== undefined),
    deferred: deferred.length,
    staleEvents: stale,
    deferredEvents: deferred,
  };
}

async function applyOrDefer(transaction: ClientBase, events: readonly DecodedEvent[], outcome: Outcome): Promise<void> {
  const { layers, passes, blocked } = await admitEvents(transaction, newestOfEachEntity(events), newestOf(events));
  for (const layer of layers) await applyLayer(transaction, layer, passes, outcome);
  const deferred = await deferEvents(transaction, blocked);
  for (const { event } of blocked) if (deferred.has(event.key)) outcome.waiting.add(event);
  const remaining = [...olderThanBlocked(events, blocked), ...notReplaced(events, layers, passes)];
  if (remaining.length > 0) await applyOrDefer(transaction, remaining, outcome);
}

/**
 * While an entity's newest event is deferred, an older version may be applied; not an event without a version, which,
 * once applied, replaces every deferred one.
 */
function olderThanBlocked(events: readonly DecodedEvent[], blocked: readonly BlockedEvent[]): DecodedEvent[] {
  if (blocked.length === 0) return [];
  const newest = new Map(blocked.map(({ event }) => [event.key, event]));
  return events.filter((event) => {
    const waiting = newest.get(event.key);
    return waiting !== undefined && event.change.version !== undefined && supersedes(waiting, event);
  });
}

/** A stale event has not replaced the events of its entity that are ordered in another way. */
function notReplaced(
  events: readonly DecodedEvent[],
  layers: readonly (readonly DecodedEvent[])[],
  passes: ReadonlyMap<string, GatePass>,
): DecodedEvent[] {
  if (events.every(({ change }) => change.version !== undefined)) return [];
  const stale = layers.flat().filter(({ key }) => !passes.has(key));
  const orders = new Map(stale.map((event) => [event.key, orderOf(event)]));
  return events.filter((event) => orders.has(event.key) && orders.get(event.key) !== orderOf(event));
}

async function applyLayer(
  transaction: ClientBase,
  layer: readonly DecodedEvent[],
  passes: ReadonlyMap<string, GatePass>,
  outcome: Outcome,
): Promise<void> {
  const work = new Map<ReplicaHandler, Work>();
  for (const event of layer) {
    const { handler, isDelete, key } = event;
    const pass = passes.get(key);
    if (pass === undefined) continue;
    outcome.passed.add(event);
    const passing = passingChange(event, pass);
    outcome.applied.push(passing);
    const { upserts, removes } = workOf(work, handler);
    (isDelete ? removes : upserts).push(passing);
  }
  for (const [handler, { upserts, removes }] of work) {
    if (upserts.length > 0) await handler.upsert(upserts, transaction);
    if (removes.length > 0) await handler.remove(removes, transaction);
  }
}

/** Runs for every event; spreads would cost several times as much. */
function passingChange({ change }: DecodedEvent, { isFirst }: GatePass): ReplicaChange<unknown> {
  const { publisher, entityType, entityId, entity, crudType, version, changeTimeMs } = change;
  return { publisher, entityType, entityId, entity, crudType, version, changeTimeMs, isFirst };
}

/**
 * Events with a version are ordered by version, events with an arrival by arrival. So the newest of each kind is found
 * first, and of these the one that was delivered last. In a single pass, an old version that is delivered after an
 * event without a version would win over a newer version that was delivered before both.
 */
function newestOfEachEntity(events: readonly DecodedEvent[]): DecodedEvent[] {
  const newestOf = {
    version: new Map<string, DecodedEvent>(),
    arrival: new Map<string, DecodedEvent>(),
    neither: new Map<string, DecodedEvent>(),
  };
  for (const event of events) {
    const newest = newestOf[orderOf(event)];
    const present = newest.get(event.key);
    if (present === undefined || supersedes(event, present)) newest.set(event.key, event);
  }
  const newest = newestOf.version;
  for (const [key, one] of [...newestOf.arrival, ...newestOf.neither]) {
    const other = newest.get(key);
    if (other === undefined || events.indexOf(one) > events.indexOf(other)) newest.set(key, one);
  }
  return [...newest.values()].sort(compareKeys);
}

/** What orders an event among others of its kind. */
function orderOf({ change, arrival }: DecodedEvent): 'version' | 'arrival' | 'neither' {
  if (change.version !== undefined) return 'version';
  return arrival === undefined ? 'neither' : 'arrival';
}

/** By `keyText`. Empty if all events have a version: only an event without one changes what the gate records. */
function newestOf(events: readonly DecodedEvent[]): Map<string, Newest> {
  const newest = new Map<string, Newest>();
  if (events.every(({ change }) => change.version !== undefined)) return newest;
  for (const { change, arrival, key } of events) {
    const { version } = change;
    const present = newest.get(key);
    newest.set(key, {
      ...present,
      ...(version !== undefined && version > (present?.version ?? 0n) && { version }),
      ...(arrival !== undefined && arrival >= (present?.arrival ?? 0n) && { arrival }),
    });
  }
  return newest;
}

function workOf(work: Map<ReplicaHandler, Work>, handler: ReplicaHandler): Work {
  const present = work.get(handler);
  if (present !== undefined) return present;
  const fresh: Work = { upserts: [], removes: [] };
  work.set(handler, fresh);
  return fresh;
}
