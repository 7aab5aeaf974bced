import type { CrudType, Dependency, EntityType, Lifecycle, Version } from '@dbem/db-event';
import type { TraceContext } from '@dbem/telemetry';

/** A change that waits to be published. */
export interface OutboxRow {
  readonly version: Version;
  readonly entityType: EntityType;
  readonly entityId: string;
  readonly crudType: CrudType;
  readonly entity: Buffer;
  /** ms since 1970. */
  readonly changeTimeMs: number;
  /** See `DbEvent.dependencies`. */
  readonly dependencies?: readonly Dependency[] | undefined;
  /** The W3C trace context of the request that made the change; left out if it was not traced. */
  readonly traceContext?: TraceContext;
  /** See `DbEvent.isHeartbeat`. */
  readonly isHeartbeat?: true;
}

/** Publishes rows and tells which of them the broker has confirmed. Must not reject. */
export type DeliverRows = (rows: readonly OutboxRow[]) => Promise<ReadonlySet<Version>>;

export interface ClaimResult {
  readonly claimed: number;
  readonly confirmed: number;
}

/**
 * Where committed changes wait for the relay.
 *
 * A row is seen by one claimer at a time, and only when the transaction that appended it has committed. No order of commits
 * makes a row be passed over: a row that commits late, with a lower version than others long gone, is claimed like any other.
 */
export abstract class OutboxStore implements Lifecycle {
  abstract start(): Promise<void>;
  abstract stop(): Promise<void>;

  /**
   * Claims up to `limit` rows, lowest versions first, and removes those that `deliver` says were confirmed; the others are
   * there again at once. A crash in between gives all of them back, so a row may be delivered again, never not at all.
   * Rejects with the database's error.
   */
  abstract claim(limit: number, deliver: DeliverRows): Promise<ClaimResult>;

  /** Calls `listener` when there may be rows to claim. May call too often, and may miss: who relies on it polls as well. */
  abstract onAppended(listener: () => void): void;

  /**
   * Whether the claimer waits for `onAppended`'s listener to be called, or will look again anyway: then nobody need call it, which
   * spares those who append. After a change to true it is called at least once, for what was appended before. Default: false.
   */
  abstract awaitAppends(isAwaited: boolean): void;
}
