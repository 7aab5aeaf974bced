import type { DescribedApp } from '@dbem/http';
import { connectRequests } from '@dbem/transport';
import type { DynamicModule, INestApplication, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Logger } from 'nestjs-pino';
import type { DestinationStream } from 'pino';
import { AppConfigModule, type AppConfigOptions } from '../config/app-config.module';
import { configureHttp, type HttpOptions } from './configure-http';

/** How an app is run: what its configuration does not say. */
export interface RunOptions {
  /** Takes the lines of the log. Default: standard output. */
  readonly logDestination?: DestinationStream;
  /** Whether SIGTERM and SIGINT stop the app and end the process. Default: true. */
  readonly endsOnSignals?: boolean;
}

/** Where an app listens. */
export interface HttpVariables {
  readonly SERVICE_HOST: string;
  readonly SERVICE_PORT: number;
  readonly TRUSTED_PROXIES?: string | undefined;
}

export interface StartAppOptions
  extends DescribedApp,
    AppConfigOptions,
    Pick<RunOptions, 'endsOnSignals'>,
    Omit<HttpOptions, 'trustedProxies'> {
  /** The one of `configs` that says where the app listens. */
  readonly http: Type<HttpVariables>;
}

/** Not yet an app: `AppModule` beside the configuration of this one application. */
class ConfiguredApp {}

/** An app's modules beside its configuration. @throws DbEventError CONFIGURATION_INVALID */
export async function configured(appModule: Type, options: AppConfigOptions): Promise<DynamicModule> {
  return { module: ConfiguredApp, imports: [await AppConfigModule.forRoot(options), appModule] };
}

/**
 * Starts an app with a configuration of its own, and listens. SIGTERM and SIGINT (see `endsOnSignals`) stop it: requests under way
 * are finished, relay and applier finish their batches, the broker's connection closes, then the database's.
 *
 * @throws DbEventError CONFIGURATION_INVALID before anything of the app is made.
 */
export async function startApp(appModule: Type, options: StartAppOptions): Promise<INestApplication> {
  const app = await NestFactory.create<NestExpressApplication>(await configured(appModule, options), {
    bufferLogs: true,
    bodyParser: false,
    // Who calls tells of a start that failed; Nest would log it and end the process.
    abortOnError: false,
  });
  const logger = app.get(Logger);
  app.useLogger(logger);
  if (options.endsOnSignals ?? true) app.enableShutdownHooks([], { useProcessExit: true });
  const { SERVICE_HOST: host, SERVICE_PORT: port, TRUSTED_PROXIES: trustedProxies } = app.get(options.http);
  configureHttp(app, { ...options, trustedProxies });
  connectRequests(app);
  await app.listen(port, host);
  logger.log(`${options.title} listens on ${await app.getUrl()}`);
  return app;
}
