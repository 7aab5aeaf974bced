/**
 * What runs. `start` resolves once it runs; `stop` waits for the work in flight, and may come twice, or before start.
 * A stopped component is not started again: make a new one.
 */
export interface Lifecycle {
  start(): Promise<void>;
  stop(): Promise<void>;
}
