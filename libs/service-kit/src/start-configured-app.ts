import type { DynamicModule, INestApplication, Type } from '@nestjs/common';
import { AppConfigModule, type AppConfigOptions } from './config/app-config.module';
import { createApp, listen, type StartAppOptions } from './start-app';

/** Where an app listens. */
export interface HttpVariables {
  readonly SERVICE_HOST: string;
  readonly SERVICE_PORT: number;
  readonly TRUSTED_PROXIES?: string | undefined;
}

export interface StartConfiguredOptions
  extends Omit<StartAppOptions, 'host' | 'port' | 'trustedProxies'>,
    AppConfigOptions {
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
 * Starts an app with a configuration of its own; see `startApp` and `AppConfigModule`.
 *
 * @throws DbEventError CONFIGURATION_INVALID before anything of the app is made.
 */
export async function startConfiguredApp(appModule: Type, options: StartConfiguredOptions): Promise<INestApplication> {
  const app = await createApp(await configured(appModule, options), options);
  const { SERVICE_HOST: host, SERVICE_PORT: port, TRUSTED_PROXIES: trustedProxies } = app.get(options.http);
  return listen(app, { ...options, host, port, trustedProxies });
}
