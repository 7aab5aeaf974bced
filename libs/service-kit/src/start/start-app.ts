import type { DescribedApp } from '@dbem/http';
import { connectRequests } from '@dbem/transport';
import type { DynamicModule, INestApplication, OnModuleDestroy, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Logger } from 'nestjs-pino';
import type { DestinationStream } from 'pino';
import { AppConfigModule, type AppConfigOptions } from '../config/app-config.module';
import { configureHttp, type HttpOptions } from './configure-http';

/** Options of a run that are not part of the app's configuration. */
export interface RunOptions {
  /** Destination of the log. Default: standard output. */
  readonly logDestination?: DestinationStream;
  /** Whether SIGTERM and SIGINT stop the app and end the process. Default: true. */
  readonly endsOnSignals?: boolean;
}

/** The HTTP address of an app. */
export interface HttpVariables {
  readonly SERVICE_HOST: string;
  readonly SERVICE_PORT: number;
  readonly TRUSTED_PROXIES?: string | undefined;
}

export interface StartAppOptions
  extends DescribedApp,
    AppConfigOptions,
    Pick<RunOptions, 'endsOnSignals'>,
    Omit<HttpOptions, 'trustedProxies' | 'isStopping'> {
  /** The class in `configs` with the app's HTTP address. */
  readonly http: Type<HttpVariables>;
}

/** Root module of an application: its configuration and its `AppModule`. */
class ConfiguredApp implements OnModuleDestroy {
  isStopping = false;

  onModuleDestroy(): void {
    this.isStopping = true;
  }
}

/** An app's module together with its configuration. @throws DbEventError CONFIGURATION_INVALID */
export async function configured(appModule: Type, options: AppConfigOptions): Promise<DynamicModule> {
  return { module: ConfiguredApp, imports: [await AppConfigModule.forRoot(options), appModule] };
}

/**
 * Starts an app with its own configuration, and listens. SIGTERM and SIGINT (see `endsOnSignals`) stop it: requests in
 * progress are finished and their connections closed, also those of clients that go on sending, relay and applier
 * finish their batches, then the connections to the broker and to the database are closed.
 *
 * @throws DbEventError CONFIGURATION_INVALID before any part of the app is created.
 */
export async function startApp(appModule: Type, options: StartAppOptions): Promise<INestApplication> {
  const app = await NestFactory.create<NestExpressApplication>(await configured(appModule, options), {
    bufferLogs: true,
    bodyParser: false,
    // The caller handles a failed start; Nest would log it and exit the process.
    abortOnError: false,
  });
  const logger = app.get(Logger);
  app.useLogger(logger);
  if (options.endsOnSignals ?? true) app.enableShutdownHooks([], { useProcessExit: true });
  const { SERVICE_HOST: host, SERVICE_PORT: port, TRUSTED_PROXIES: trustedProxies } = app.get(options.http);
  const root = app.get(ConfiguredApp);
  configureHttp(app, { ...options, trustedProxies, isStopping: () => root.isStopping });
  connectRequests(app);
  await app.listen(port, host);
  logger.log(`${options.title} listens on ${await app.getUrl()}`);
  return app;
}
