import { DbEventError } from '@dbem/db-event';
import { type DescribedApp, describeApp } from '@dbem/http';
import { type DynamicModule, type INestApplication, type Type, ValidationPipe } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { SwaggerModule } from '@nestjs/swagger';
import type { NextFunction, Request, Response } from 'express';
import helmet from 'helmet';
import { Logger } from 'nestjs-pino';
import type { DestinationStream } from 'pino';
import { disablePretenuring } from './disable-pretenuring';

/** How an app is run: what its configuration does not say. */
export interface RunOptions {
  /** Takes the lines of the log. Default: standard output. */
  readonly logDestination?: DestinationStream;
  /** Whether SIGTERM and SIGINT stop the app and end the process. Default: true. */
  readonly endsOnSignals?: boolean;
}

export interface StartAppOptions extends DescribedApp, Pick<RunOptions, 'endsOnSignals'> {
  readonly host: string;
  readonly port: number;
  /** Most bytes of a request's body. Default: 100 KiB. */
  readonly maxBodyBytes?: number;
  /** Proxies whose `X-Forwarded-For` is believed: addresses or networks, joined by commas. Default: none. */
  readonly trustedProxies?: string | undefined;
  /** Stands before the OpenAPI page; made of the application. Default: the page is open. */
  readonly guardDocument?: (
    app: INestApplication,
  ) => (request: Request, response: Response, next: NextFunction) => void;
}

const DEFAULT_MAX_BODY_BYTES = 100 * 1024;
const DOCUMENT_PATHS = ['/api', '/api-json', '/api-yaml'];

/**
 * What every app's HTTP face has: validated input, bounded bodies, headers that tell browsers to be careful, and an OpenAPI
 * page at /api (as JSON at /api-json).
 */
export function configureHttp(app: NestExpressApplication, options: Omit<StartAppOptions, 'host' | 'port'>): void {
  app.set('trust proxy', options.trustedProxies?.split(',').map((proxy) => proxy.trim()) ?? false);
  // Plain HTTP is left to plain HTTP: whether there is TLS in front is not ours to say, so no upgrade is demanded.
  app.use(helmet({ contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } } }));
  const limit = options.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES;
  app.useBodyParser('json', { limit });
  app.useBodyParser('urlencoded', { limit, extended: false });
  app.useGlobalPipes(new ValidationPipe({ whitelist: true, forbidNonWhitelisted: true, transform: true }));
  if (options.guardDocument !== undefined) app.use(DOCUMENT_PATHS, options.guardDocument(app));
  SwaggerModule.setup('api', app, () => describeApp(app, options));
}

/**
 * Starts an app and listens. SIGTERM and SIGINT (see `endsOnSignals`) stop it: requests under way are finished, relay and applier finish their
 * batches, the broker's connection closes, then the database's.
 */
export async function startApp(appModule: Type | DynamicModule, options: StartAppOptions): Promise<INestApplication> {
  return listen(await createApp(appModule, options), options);
}

/** Makes an app that does not run yet. */
export async function createApp(
  appModule: Type | DynamicModule,
  { endsOnSignals = true }: Pick<RunOptions, 'endsOnSignals'>,
): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(appModule, { bufferLogs: true, bodyParser: false });
  app.useLogger(app.get(Logger));
  if (endsOnSignals) app.enableShutdownHooks([], { useProcessExit: true });
  return app;
}

/** Runs it. */
export async function listen(app: NestExpressApplication, options: StartAppOptions): Promise<NestExpressApplication> {
  configureHttp(app, options);
  await app.listen(options.port, options.host);
  app.get(Logger).log(`${options.title} listens on ${await app.getUrl()}`);
  return app;
}

/** Runs an app's `main`. A start that fails is told and ends the process; a fault of the configuration without a stack. */
export function runMain(main: () => Promise<unknown>): void {
  disablePretenuring();
  main().catch((error: unknown) => {
    const isConfiguration = error instanceof DbEventError && error.code === 'CONFIGURATION_INVALID';
    process.stderr.write(`${isConfiguration ? error.message : ((error as Error).stack ?? error)}\n`);
    process.exit(1);
  });
}
