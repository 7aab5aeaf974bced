import type { AppName } from '../../../tools/apps/app-process';

/** One running instance of an app, in a process of its own (`AppProcess`) or in the test's (`InProcessApp`). */
export interface AppInstance {
  readonly app: AppName;
  readonly port: number;
  readonly url: string;
  /** All lines of its log until now. */
  readonly log: string;
  /** Resolves when the app reports that it can do its work. */
  waitUntilReady(): Promise<void>;
  /** Finishes the work in flight; may be called twice. */
  stop(): Promise<void>;
}
