export interface DeferredEventLimits {
  /** How long an event waits for what it depends on before it is parked, ms. Default: 600,000. */
  readonly maxAgeMs?: number;
  /** How many events may wait; past that the oldest are parked. Default: 100,000. */
  readonly maxCount?: number;
  /** How often the limits are looked at, ms. Default: 2,000. */
  readonly checkIntervalMs?: number;
  /** How often all deferred events are compared with what the replica has, ms. Default: 30,000. */
  readonly recheckIntervalMs?: number;
}
