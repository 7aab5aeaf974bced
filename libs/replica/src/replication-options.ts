import type { Log } from '@dbem/runtime';
import type { Pool } from 'pg';
import type { Registry } from 'prom-client';
import type { ApplierOptions } from './applier/applier';
import type { VersionSweepOptions } from './sweep/version-sweep';
import type { ReplicaWatchOptions } from './waiting/replica-watch';

export interface ReplicationOptions {
  /** The service's name on the wire: its queue is `<service>.queue`. */
  readonly service: string;
  /** The service's own database, migrated with `replicaMigrations`. */
  readonly pool: Pool;
  readonly applier?: Pick<ApplierOptions, 'prefetch' | 'maxBatch' | 'held'>;
  /** Gets the applier's metrics. Default: one of its own, of which only the event managers are told. */
  readonly metrics?: Registry;
  /** Readers that wait for changes. */
  readonly watch?: Pick<ReplicaWatchOptions, 'maxReaders' | 'pollIntervalMs'>;
  /** How old tombstones become. */
  readonly sweep?: Pick<VersionSweepOptions, 'minAgeMs' | 'intervalMs' | 'batchSize'>;
  readonly log?: Log;
}

export const REPLICATION_OPTIONS = Symbol('ReplicationOptions');
