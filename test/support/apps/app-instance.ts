import type { AppName } from '../../../tools/apps/app-process';

/** One running instance of an app, in a process of its own (`AppProcess`) or in the test's (`InProcessApp`). */
export interface AppInstance {
  readonly app: AppName;
  readonly port: number;
  readonly url: string;
  /** All log lines so far. */
  readonly log: string;
  /** Resolves when the app reports that it is ready. */
  waitUntilReady(): Promise<void>;
  /** Waits for work in flight; may be called twice. */
  stop(): Promise<void>;
}
