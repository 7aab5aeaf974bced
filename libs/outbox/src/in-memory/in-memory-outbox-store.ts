import type { Version } from '@dbem/db-event';
import {
  type ClaimLimits,
  type ClaimResult,
  type DeliverRows,
  type OutboxRow,
  OutboxStore,
} from '../outbox-store.port';

/** An outbox in memory, for tests of the code that reads one. */
export class InMemoryOutboxStore extends OutboxStore {
  private readonly rows = new Map<Version, OutboxRow>();
  private readonly claimed = new Set<Version>();
  private readonly listeners = new Set<() => void>();

  async start(): Promise<void> {}

  async stop(): Promise<void> {
    this.listeners.clear();
  }

  /** Appends rows as a committed transaction does. */
  append(...rows: readonly OutboxRow[]): void {
    for (const row of rows) this.rows.set(row.version, row);
    this.callListeners();
  }

  onAppended(listener: () => void): void {
    this.listeners.add(listener);
  }

  /** Listeners are called at each append regardless. */
  awaitAppends(isAwaited: boolean): void {
    if (isAwaited) setImmediate(() => this.callListeners());
  }

  async claim(limits: ClaimLimits, deliver: DeliverRows): Promise<ClaimResult> {
    const waiting = [...this.rows.values()]
      .filter(({ version }) => !this.claimed.has(version))
      .sort((left, right) => (left.version < right.version ? -1 : 1));
    const batch = firstWithin(limits, waiting);
    if (batch.length === 0) return { claimed: 0, confirmed: 0, isFull: false };
    const isFull = batch.length < waiting.length || batch.length === limits.rows;
    for (const { version } of batch) this.claimed.add(version);
    try {
      const confirmed = await deliver(batch);
      for (const version of confirmed) this.rows.delete(version);
      return { claimed: batch.length, confirmed: confirmed.size, isFull };
    } finally {
      for (const { version } of batch) this.claimed.delete(version);
    }
  }

  private callListeners(): void {
    for (const listener of this.listeners) listener();
  }
}

function firstWithin({ rows, bytes }: ClaimLimits, waiting: readonly OutboxRow[]): OutboxRow[] {
  let total = 0;
  const end = waiting.findIndex(({ entity }, index) => {
    total += entity.length;
    return index >= rows || (index > 0 && total > bytes);
  });
  return waiting.slice(0, end === -1 ? waiting.length : end);
}
