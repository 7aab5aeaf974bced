import type { Version } from '@dbem/db-event';
import { type ClaimResult, type DeliverRows, type OutboxRow, OutboxStore } from '../outbox-store.port';

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

  async claim(limit: number, deliver: DeliverRows): Promise<ClaimResult> {
    const batch = [...this.rows.values()]
      .filter(({ version }) => !this.claimed.has(version))
      .sort((left, right) => (left.version < right.version ? -1 : 1))
      .slice(0, limit);
    if (batch.length === 0) return { claimed: 0, confirmed: 0 };
    for (const { version } of batch) this.claimed.add(version);
    try {
      const confirmed = await deliver(batch);
      for (const version of confirmed) this.rows.delete(version);
      return { claimed: batch.length, confirmed: confirmed.size };
    } finally {
      for (const { version } of batch) this.claimed.delete(version);
    }
  }

  private callListeners(): void {
    for (const listener of this.listeners) listener();
  }
}
