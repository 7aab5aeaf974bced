import { InMemoryOutboxStore } from '../in-memory/in-memory-outbox-store';
import type { ClaimLimits, ClaimResult, DeliverRows } from '../outbox-store.port';

/** An outbox in memory that records the calls of its claimer. */
export class WatchedOutboxStore extends InMemoryOutboxStore {
  /** The limits and times of the claims, ms since 1970. */
  readonly claims: { readonly limits: ClaimLimits; readonly atMs: number }[] = [];
  readonly awaited: boolean[] = [];
  registrations = 0;
  starts = 0;
  stops = 0;
  /** The errors with which the next claims reject. */
  readonly failures: Error[] = [];

  override async start(): Promise<void> {
    this.starts += 1;
  }

  override async stop(): Promise<void> {
    this.stops += 1;
    await super.stop();
  }

  override onAppended(listener: () => void): void {
    this.registrations += 1;
    super.onAppended(listener);
  }

  override awaitAppends(isAwaited: boolean): void {
    this.awaited.push(isAwaited);
  }

  override async claim(limits: ClaimLimits, deliver: DeliverRows): Promise<ClaimResult> {
    this.claims.push({ limits, atMs: Date.now() });
    const failure = this.failures.shift();
    if (failure !== undefined) throw failure;
    return super.claim(limits, deliver);
  }
}
