import type { CrudType, Dependency, EntityType, Lifecycle, Version } from '@dbem/db-event';
import type { TraceContext } from '@dbem/telemetry';

/** A change waiting to be published. */
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
  /** The W3C trace context of the request that made the change; absent if it was not traced. */
  readonly traceContext?: TraceContext;
  /** See `DbEvent.isHeartbeat`. */
  readonly isHeartbeat?: true;
}

/** Publishes rows and returns the versions that the broker has confirmed. Must not reject. */
export type DeliverRows = (rows: readonly OutboxRow[]) => Promise<ReadonlySet<Version>>;

/** Maxima of one claim. */
export interface ClaimLimits {
  readonly rows: number;
  /** Of the entities together. A single entity that is larger is claimed alone. */
  readonly bytes: number;
}

export interface ClaimResult {
  readonly claimed: number;
  readonly confirmed: number;
  /** Whether a limit ended the claim, so that more rows may be waiting. */
  readonly isFull: boolean;
}

/**
 * Where committed changes wait for the relay.
 *
 * A row is visible to one claimer at a time, and only after the transaction that appended it has committed. The order
 * of commits does not matter: a row that commits late, with a lower version than rows already sent, is claimed like any
 * other.
 */
export abstract class OutboxStore implements Lifecycle {
  abstract start(): Promise<void>;
  abstract stop(): Promise<void>;

  /**
   * Claims rows within `limits`, lowest versions first, and removes those that `deliver` returns as confirmed; the
   * others can be claimed again at once. A crash in between releases all of them, so a row may be delivered more than
   * once but is never lost. Rejects with the database's error.
   *
   * While a claim that is full by its bytes is under way, other claimers may also skip rows that it did not take.
   */
  abstract claim(limits: ClaimLimits, deliver: DeliverRows): Promise<ClaimResult>;

  /** Calls `listener` when there may be rows to claim. May call it too often or miss an append, so poll as well. */
  abstract onAppended(listener: () => void): void;

  /**
   * Whether the claimer waits for a call of its `onAppended` listener (true) or will claim again anyway (false), so
   * that appends need not notify it, which makes them cheaper. After a change to true the listener is called at least
   * once, for earlier appends. Default: false.
   */
  abstract awaitAppends(isAwaited: boolean): void;
}
