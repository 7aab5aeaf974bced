import type { Queryable } from '@dbem/db-event';
import type { ReplicaChange, ReplicaHandler } from '../handlers/replica-handler';
import { compareKeys, keyText, passGate } from '../postgres/version-gate';
import { type DecodedEvent, supersedes } from './decoded-event';

export interface ApplyResult {
  readonly applied: readonly ReplicaChange<unknown>[];
  /** Older than what the replica holds, or the same. */
  readonly stale: number;
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
    newest.map(({ change, isDelete }) => ({ ...change, isDelete })),
  );
  const work = new Map<ReplicaHandler, Work>();
  const applied: ReplicaChange<unknown>[] = [];
  for (const { change, handler, isDelete } of newest) {
    const pass = passes.get(keyText(change));
    if (pass === undefined) continue;
    const passed = { ...change, isFirst: pass.isFirst };
    applied.push(passed);
    const { upserts, removes } = workOf(work, handler);
    (isDelete ? removes : upserts).push(passed);
  }
  for (const [handler, { upserts, removes }] of work) {
    if (upserts.length > 0) await handler.upsert(upserts, transaction);
    if (removes.length > 0) await handler.remove(removes, transaction);
  }
  return { applied, stale: events.length - applied.length };
}

function newestOfEachEntity(events: readonly DecodedEvent[]): DecodedEvent[] {
  const newest = new Map<string, DecodedEvent>();
  for (const event of events) {
    const key = keyText(event.change);
    const present = newest.get(key);
    if (present === undefined || supersedes(event.change.version, present.change.version)) newest.set(key, event);
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
