import { configOf } from './config-of';
import { heldEventMaxAgeMs, heldEventMaxCount, tombstoneMinAgeMs, tombstoneSweepIntervalMs } from './variables';

/** What a service reads that holds replicas. */
export class ReplicaConfig extends configOf({
  HELD_EVENT_MAX_AGE_MS: heldEventMaxAgeMs,
  HELD_EVENT_MAX_COUNT: heldEventMaxCount,
  TOMBSTONE_MIN_AGE_MS: tombstoneMinAgeMs,
  TOMBSTONE_SWEEP_INTERVAL_MS: tombstoneSweepIntervalMs,
}) {
  /** For `ReplicaModule`. */
  get options() {
    return {
      applier: { held: { maxAgeMs: this.HELD_EVENT_MAX_AGE_MS, maxCount: this.HELD_EVENT_MAX_COUNT } },
      sweep: { minAgeMs: this.TOMBSTONE_MIN_AGE_MS, intervalMs: this.TOMBSTONE_SWEEP_INTERVAL_MS },
    };
  }
}
