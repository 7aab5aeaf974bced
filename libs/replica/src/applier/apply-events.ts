import type { Queryable } from '@dbem/db-event';
import type { ReplicaChange, ReplicaHandler } from '../handlers/replica-handler';
import { compareKeys, keyText, passGate } from '../postgres/version-gate';
import { type DecodedEvent, supersedes } from './decoded-event';

export interface ApplyResult {
  readonly applied: readonly ReplicaChange<unknown>[];
  /** Older than what the replica holds, or the same. */
  readonly stale: number;
  /** Of the stale ones, those that had failed before: while they waited, a newer state of their entity was applied. */
  readonly obsolete: readonly DecodedEvent[];
}

interface Work {
  readonly upserts: ReplicaChange<unknown>[];
  readonly removes: ReplicaChange<unknown>[];
}

/**
 * Applies events in one transaction: of each entity the newest only, for every event holds the whole entity; of those, what
 * passes the gate; and that through the handlers.
 */
export async function applyEvents(transaction: Queryable, events: readonly DecodedEvent[]): Promise<ApplyResult> {
  const newest = newestOfEachEntity(events);
  const passes = await passGate(
    transaction,
    newest.map(({ change, isDelete, firstFailedAt }) => ({ ...change, isDelete, firstFailedAt })),
  );
  const work = new Map<ReplicaHandler, Work>();
  const applied: ReplicaChange<unknown>[] = [];
  const passed = new Set<DecodedEvent>();
  for (const event of newest) {
    const { change, handler, isDelete } = event;
    const pass = passes.get(keyText(change));
    if (pass === undefined) continue;
    passed.add(event);
    const passing = { ...change, isFirst: pass.isFirst };
    applied.push(passing);
    const { upserts, removes } = workOf(work, handler);
    (isDelete ? removes : upserts).push(passing);
  }
  for (const [handler, { upserts, removes }] of work) {
    if (upserts.length > 0) await handler.upsert(upserts, transaction);
    if (removes.length > 0) await handler.remove(removes, transaction);
  }
  const obsolete = events.filter((event) => event.firstFailedAt !== undefined && !passed.has(event));
  return { applied, stale: events.length - applied.length, obsolete };
}

function newestOfEachEntity(events: readonly DecodedEvent[]): DecodedEvent[] {
  const newest = new Map<string, DecodedEvent>();
  for (const event of events) {
    const key = keyText(event.change);
    const present = newest.get(key);
    if (present === undefined || supersedes(event, present)) newest.set(key, event);
  }
  return [...newest.values()].sort((left, right) => compareKeys(left.change, right.change));
}

function workOf(work: Map<ReplicaHandler, Work>, handler: ReplicaHandler): Work {
  const present = work.get(handler);
  if (present !== undefined) return present;
  const fresh: Work = { upserts: [], removes: [] };
  work.set(handler, fresh);
  return fresh;
}
