import { configOf } from './config-of';
import { deferredEventMaxAgeMs, deferredEventMaxCount, tombstoneMinAgeMs, tombstoneSweepIntervalMs } from './variables';

/** Configuration of a service with replicas. */
export class ReplicaConfig extends configOf({
  DEFERRED_EVENT_MAX_AGE_MS: deferredEventMaxAgeMs,
  DEFERRED_EVENT_MAX_COUNT: deferredEventMaxCount,
  TOMBSTONE_MIN_AGE_MS: tombstoneMinAgeMs,
  TOMBSTONE_SWEEP_INTERVAL_MS: tombstoneSweepIntervalMs,
}) {
  /** Options for `ReplicaModule`. */
  get options() {
    return {
      applier: { deferred: { maxAgeMs: this.DEFERRED_EVENT_MAX_AGE_MS, maxCount: this.DEFERRED_EVENT_MAX_COUNT } },
      sweep: { minAgeMs: this.TOMBSTONE_MIN_AGE_MS, intervalMs: this.TOMBSTONE_SWEEP_INTERVAL_MS },
    };
  }
}
