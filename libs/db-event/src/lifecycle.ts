/**
 * A component that runs. `start` resolves when it is running. `stop` waits for the work in flight, and may be called
 * twice or before `start`. A stopped component can't be restarted: create a new one.
 */
export interface Lifecycle {
  start(): Promise<void>;
  stop(): Promise<void>;
}
