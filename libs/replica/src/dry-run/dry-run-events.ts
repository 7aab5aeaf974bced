import { DbEventError, inDryRun } from '@dbem/db-event';
import { inTransaction } from '@dbem/postgres';
import type { Delivery, DryRunResult } from '@dbem/transport';
import type { ClientBase, Pool } from 'pg';
import { type DecodedEvent, decodeEvent, eventIn, supersedes } from '../events/decoded-event';
import type { HandlerTable } from '../handlers/handler-table';
import { keyText } from '../postgres/version-gate';
import { type Attempted, dryRunOne, failing } from './dry-run-one';
import { type GateVerdict, gateVerdictsOf } from './gate-verdicts';

/** The applier may be at work on the same rows: neither must wait for the other for long. */
const LIMITS = `SET LOCAL lock_timeout = '2s'; SET LOCAL statement_timeout = '10s'`;

/**
 * Tries events as the applier would, handlers included, in one transaction that is rolled back. What one event writes, the
 * others see, as it would be if all were sent again: an owner and its project both apply.
 *
 * @returns in the same order.
 * @throws the database's error if another transaction is in the way, or it can't be used.
 */
export async function dryRunEvents(
  pool: Pool,
  handlers: HandlerTable,
  deliveries: readonly Delivery[],
): Promise<DryRunResult[]> {
  const forecasts = new Map<Delivery, DryRunResult>();
  const events: DecodedEvent[] = [];
  for (const delivery of deliveries) {
    try {
      events.push(decodeEvent(eventIn(delivery), delivery, handlers));
    } catch (error) {
      if (!(error instanceof DbEventError)) throw error;
      forecasts.set(delivery, failing(error));
    }
  }
  const rehearsal = new DryRun(await gateVerdictsOf(pool, events), forecasts);
  await rolledBack(pool, (transaction) => inDryRun(() => rehearsal.run(transaction, events)));
  return deliveries.map((delivery) => forecasts.get(delivery) as DryRunResult);
}

class DryRun {
  /** Versions that have got through, by `keyText`. */
  private readonly applied = new Map<string, bigint | undefined>();

  constructor(
    private readonly verdicts: ReadonlyMap<DecodedEvent, GateVerdict>,
    private readonly forecasts: Map<Delivery, DryRunResult>,
  ) {}

  /** Round after round, for as long as one brings forth what others wait for. */
  async run(transaction: ClientBase, events: readonly DecodedEvent[]): Promise<void> {
    await transaction.query(LIMITS);
    let waiting: readonly DecodedEvent[] = newestFirst(events);
    for (;;) {
      const still: DecodedEvent[] = [];
      for (const event of waiting) {
        const trial = await dryRunOne(transaction, event);
        if (trial.kind === 'waits') still.push(event);
        this.forecasts.set(event.delivery, this.resultOf(event, trial));
      }
      if (still.length === 0 || still.length === waiting.length) return;
      waiting = still;
    }
  }

  private resultOf(event: DecodedEvent, trial: Attempted): DryRunResult {
    const { change } = event;
    switch (trial.kind) {
      case 'failed':
      case 'waits':
        return trial.result;
      case 'applied':
        this.applied.set(keyText(change), change.version);
        return { outcome: 'would apply' };
      case 'refused': {
        // By what the replica had, or by what has got through before in this rehearsal.
        const verdict = this.verdicts.get(event) ?? 'newer';
        if (verdict !== 'newer') return { outcome: verdict };
        const isSame = change.version !== undefined && this.applied.get(keyText(change)) === change.version;
        return { outcome: isSame ? 'duplicate' : 'superseded' };
      }
    }
  }
}

/** So that an older event of an entity gets through only where no newer one does. */
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
      // Nothing of a rehearsal may stay.
      throw new RolledBack();
    });
  } catch (error) {
    if (!(error instanceof RolledBack)) throw error;
  }
}
