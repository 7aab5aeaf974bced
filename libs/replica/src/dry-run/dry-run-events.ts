import { DbEventError, inDryRun } from '@dbem/db-event';
import { inTransaction } from '@dbem/postgres';
import type { Delivery, DryRunResult } from '@dbem/transport';
import type { ClientBase, Pool } from 'pg';
import { type DecodedEvent, decodeEvent, eventIn, supersedes } from '../events/decoded-event';
import type { HandlerTable } from '../handlers/handler-table';
import { keyText } from '../postgres/version-gate';
import { type GateVerdict, gateVerdictsOf } from './check-gate';
import { type Attempt, dryRunOne, failing } from './dry-run-one';

/** The applier may use the same rows: neither must wait for the other for long. */
const LIMITS = `SET LOCAL lock_timeout = '2s'; SET LOCAL statement_timeout = '10s'`;

/**
 * Applies events as the applier would, including their handlers, in one transaction that is rolled back. Later events
 * see the writes of earlier ones, as if all were redriven: an owner and its project both apply.
 *
 * @returns results in the order of the deliveries.
 * @throws the database's error if it is unavailable or another transaction conflicts.
 */
export async function dryRunEvents(
  pool: Pool,
  handlers: HandlerTable,
  deliveries: readonly Delivery[],
): Promise<DryRunResult[]> {
  const results = new Map<Delivery, DryRunResult>();
  const events: DecodedEvent[] = [];
  for (const delivery of deliveries) {
    try {
      events.push(decodeEvent(eventIn(delivery), delivery, handlers));
    } catch (error) {
      if (!(error instanceof DbEventError)) throw error;
      results.set(delivery, failing(error));
    }
  }
  const dryRun = new DryRun(await gateVerdictsOf(pool, events), results);
  await rolledBack(pool, (transaction) => inDryRun(() => dryRun.run(transaction, events)));
  return deliveries.map((delivery) => results.get(delivery) as DryRunResult);
}

class DryRun {
  /** The events that this dry run has applied last, by `keyText`. */
  private readonly applied = new Map<string, DecodedEvent>();

  constructor(
    private readonly gateVerdicts: ReadonlyMap<DecodedEvent, GateVerdict>,
    private readonly results: Map<Delivery, DryRunResult>,
  ) {}

  /** Runs in rounds until no round applies a dependency that other events wait for. */
  async run(transaction: ClientBase, events: readonly DecodedEvent[]): Promise<void> {
    await transaction.query(LIMITS);
    let waiting: readonly DecodedEvent[] = newestFirst(events);
    for (;;) {
      const still: DecodedEvent[] = [];
      for (const event of waiting) {
        const attempt = await dryRunOne(transaction, event);
        if (attempt.kind === 'waits') still.push(event);
        this.results.set(event.delivery, this.resultOf(event, attempt));
      }
      if (still.length === 0 || still.length === waiting.length) return;
      waiting = still;
    }
  }

  private resultOf(event: DecodedEvent, attempt: Attempt): DryRunResult {
    switch (attempt.kind) {
      case 'failed':
      case 'waits':
        return attempt.result;
      case 'applied':
        this.applied.set(event.key, event);
        return { outcome: 'would apply' };
      case 'refused': {
        // Rejected by the state of the replica, or by an event that this dry run has applied before.
        const gateVerdict = this.gateVerdicts.get(event) ?? 'newer';
        if (gateVerdict !== 'newer') return { outcome: gateVerdict };
        return { outcome: isSame(event, this.applied.get(event.key)) ? 'duplicate' : 'superseded' };
      }
    }
  }
}

/** Whether an event is another delivery of one that was applied. */
function isSame({ change: { version }, arrival }: DecodedEvent, applied: DecodedEvent | undefined): boolean {
  if (version === undefined && arrival === undefined) return false;
  return version === applied?.change.version && arrival === applied?.arrival;
}

/** So that an older event of an entity is applied only if no newer one is. */
function newestFirst(events: readonly DecodedEvent[]): DecodedEvent[] {
  const byEntity = new Map<string, DecodedEvent[]>();
  for (const event of events) {
    const key = keyText(event.change);
    byEntity.set(key, [event, ...(byEntity.get(key) ?? [])]);
  }
  const order = (left: DecodedEvent, right: DecodedEvent) =>
    Number(supersedes(right, left)) - Number(supersedes(left, right));
  return [...byEntity.values()].flatMap((ofOne) => ofOne.sort(order));
}

class RolledBack extends Error {}

async function rolledBack(pool: Pool, work: (transaction: ClientBase) => Promise<void>): Promise<void> {
  try {
    await inTransaction(pool, async (client) => {
      await work(client);
      throw new RolledBack();
    });
  } catch (error) {
    if (!(error instanceof RolledBack)) throw error;
  }
}
