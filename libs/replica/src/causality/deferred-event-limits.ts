export interface DeferredEventLimits {
  /** How long an event waits for its dependencies before it is parked, ms. Default: 600,000. */
  readonly maxAgeMs?: number;
  /** Maximum number of deferred events; beyond that the oldest are parked. Default: 100,000. */
  readonly maxCount?: number;
  /** Interval of the checks of these limits, ms. Default: 2,000. */
  readonly checkIntervalMs?: number;
  /** Interval at which all deferred events are compared with the replica, ms. Default: 30,000. */
  readonly recheckIntervalMs?: number;
}
