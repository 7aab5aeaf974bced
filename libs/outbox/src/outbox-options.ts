import type { ProvidedOptions } from '@dbem/postgres';
import { type Log } from '@dbem/runtime';
import type { Pool } from 'pg';
import type { AnyReconcileSource } from './reconcile/reconcile-source';
import type { RelayOptions } from './relay/relay';
import type { TombstoneSweepOptions } from './sweep/tombstone-sweep';

export type PublishProtocol = 'outbox' | 'confirm-then-commit';

export interface OutboxModuleOptions {
  /** The publisher's name on the wire. */
  readonly service: string;
  /**
   * The service's own database; `outboxMigrations` must have run before changes are published. Default: the `Pool` that
   * the application provides.
   */
  readonly pool?: Pool;
  /** Default: outbox. */
  readonly protocol?: PublishProtocol;
  readonly relay?: Pick<RelayOptions, 'batchSize' | 'pollIntervalMs' | 'observer'>;
  /** How often a heartbeat is sent to the subscribers, ms; 0: never. Default: 10,000. */
  readonly heartbeatIntervalMs?: number;
  /** How the service's entities are read to fill, audit and repair replicas. Default: none. */
  readonly sources?: readonly AnyReconcileSource[];
  /** Removal of the versions of entities that were deleted long ago. */
  readonly tombstones?: Pick<TombstoneSweepOptions, 'minAgeMs' | 'intervalMs'>;
  /** Default: the `Log` that the application provides, if any. */
  readonly log?: Log;
}

/** The module's options, completed with what the application provides. */
export type CompleteOutboxOptions = OutboxModuleOptions & ProvidedOptions;

export const OUTBOX_OPTIONS = Symbol('OutboxModuleOptions');
