import type { ProvidedOptions } from '@dbem/postgres';
import { type Log } from '@dbem/runtime';
import type { Pool } from 'pg';
import { Registry } from 'prom-client';
import type { ApplierOptions } from './applier/applier';
import type { VersionSweepOptions } from './sweep/version-sweep';
import type { ReplicaWatchOptions } from './waiting/replica-watch';

export interface ReplicationOptions {
  /** The service's name on the wire: its queue is `<service>.queue`. */
  readonly service: string;
  /**
   * The service's own database, migrated with `replicaMigrations`. Default: the `Pool` that the application provides.
   */
  readonly pool?: Pool;
  readonly applier?: Pick<ApplierOptions, 'prefetch' | 'maxBatch' | 'deferred'>;
  /** Where the applier's metrics are registered. Default: the `Registry` that the application provides, if any. */
  readonly metrics?: Registry;
  /** Limits of readers that wait for changes. */
  readonly watch?: Pick<ReplicaWatchOptions, 'maxReaders' | 'pollIntervalMs'>;
  /** When and how tombstones are deleted. */
  readonly sweep?: Pick<VersionSweepOptions, 'minAgeMs' | 'intervalMs' | 'batchSize'>;
  /** Default: the `Log` that the application provides, if any. */
  readonly log?: Log;
}

/** The options, completed with the providers of the application. */
export type CompleteReplicationOptions = ReplicationOptions & ProvidedOptions;

export const REPLICATION_OPTIONS = Symbol('ReplicationOptions');
