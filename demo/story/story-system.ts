import type { Pool } from 'pg';
import type { LegacyService } from '../../tools/legacy/legacy-service';
import type { ApiClient } from './api-client';

export type AppName = 'event-manager' | 'profile' | 'sharing' | 'registry';
export type DatabaseName = 'profile' | 'sharing' | 'registry';

/** One running process of an app. */
export interface AppInstance {
  readonly pid: number;
  readonly api: ApiClient;
  /** SIGTERM; resolves when the process has finished its work and ended. */
  stop(): Promise<void>;
  /** SIGKILL; resolves when the process has ended. */
  kill(): Promise<void>;
}

/** The system that the demo runs on: real servers, and each app as a process. */
export interface StorySystem {
  readonly databases: Readonly<Record<DatabaseName, Pool>>;
  readonly legacyService: LegacyService;
  /** Starts one more instance of an app and resolves when it reports ready. */
  startApp(name: AppName): Promise<AppInstance>;
  /** The running instances of an app, oldest first. */
  instancesOf(name: AppName): readonly AppInstance[];
  /** The messages in a queue; they stay there. */
  peek(queue: string): Promise<readonly { body: Buffer; headers: Readonly<Record<string, unknown>> }[]>;
}

/** One step of the demo: runs it, checks its result and resolves with a one-line summary. */
export interface StoryStep {
  readonly title: string;
  play(system: StorySystem): Promise<string>;
}

/** The API of an app's first instance. */
export function apiOf(system: StorySystem, name: AppName): ApiClient {
  const [first] = system.instancesOf(name);
  if (first === undefined) throw new Error(`${name} is not running`);
  return first.api;
}
