import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { RunOptions } from '@dbem/service-kit';
import type { INestApplication } from '@nestjs/common';
import { type DestinationStream, pino } from 'pino';
import type { AppName } from '../../../tools/apps/app-process';
import { freePorts } from '../../../tools/servers/ports';
import { waitFor } from '../waiting/wait-for';
import type { AppInstance } from './app-instance';
import { logFolder } from './log-folder';

interface StartModule {
  start(environment: NodeJS.ProcessEnv, options: RunOptions): Promise<INestApplication>;
}

const STOP_TIMEOUT_MS = 120_000;

const builtApps = fileURLToPath(new URL('../../../dist/apps', import.meta.url));
/** Loads the build output as Node does: once per test process, without compiling it again. */
const require = createRequire(import.meta.url);

/**
 * One instance of a built app inside the test's own process, which starts several times faster than a separate process.
 * It can't be killed or paused and reads nothing from the process environment; use `AppProcess` for that.
 */
export class InProcessApp implements AppInstance {
  private constructor(
    private readonly nest: INestApplication,
    private readonly lines: readonly string[],
    readonly app: AppName,
    readonly port: number,
  ) {}

  /** Resolves when the app listens; see `waitUntilReady`. */
  static async start(app: AppName, env: Readonly<Record<string, string>>): Promise<InProcessApp> {
    const [port] = (await freePorts(1)) as [number];
    const lines: string[] = [];
    const file = pino.destination({ dest: join(logFolder, `${app}-${port}.log`), mkdir: true, sync: true });
    const logDestination: DestinationStream = {
      write: (line) => {
        lines.push(line);
        file.write(line);
      },
    };
    const { start } = require(join(builtApps, app, 'start.js')) as StartModule;
    const options = { logDestination, endsOnSignals: false };
    const nest = await start({ SERVICE_PORT: String(port), ...env }, options);
    return new InProcessApp(nest, lines, app, port);
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get log(): string {
    return this.lines.join('');
  }

  async waitUntilReady(): Promise<void> {
    let report = '';
    const isReady = async () => {
      const response = await fetch(`${this.url}/health/ready`);
      report = await response.text();
      return response.ok;
    };
    await waitFor(isReady, { what: () => `${this.app} to be ready; ${report}` });
  }

  /** Rejects with what is known about it if the app does not stop. */
  async stop(): Promise<void> {
    let isStopped = false;
    const closing = this.nest.close().then(() => {
      isStopped = true;
    });
    await Promise.race([closing, pause(STOP_TIMEOUT_MS, undefined, { ref: false })]);
    if (isStopped) return;
    const server: Server = this.nest.getHttpServer();
    const connections = await new Promise((resolve) => server.getConnections((_error, count) => resolve(count)));
    const http = server.listening ? 'still listens' : `has ${connections} connections`;
    throw new Error(`${this.app} has not stopped within ${STOP_TIMEOUT_MS} ms; its HTTP server ${http}`);
  }
}
