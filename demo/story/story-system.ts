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
  /** SIGKILL; resolves when the process is gone. */
  kill(): Promise<void>;
}

/** What the story is played on: real servers, and apps as processes of their own. */
export interface StorySystem {
  readonly databases: Readonly<Record<DatabaseName, Pool>>;
  readonly legacyService: LegacyService;
  /** Starts one more instance of an app and resolves when it says that it is ready. */
  startApp(name: AppName): Promise<AppInstance>;
  /** The running instances of an app, oldest first. */
  instancesOf(name: AppName): readonly AppInstance[];
  /** The messages in a queue, left where they are. */
  peek(queue: string): Promise<readonly { body: Buffer; headers: Readonly<Record<string, unknown>> }[]>;
}

/** One step of the story: plays it on the system, checks what it promises, and tells in a line what came of it. */
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
