import { type DescribedApp, tokenDocumentGuard } from '@dbem/http';
import type { INestApplication, Type } from '@nestjs/common';
import { ServiceConfig } from '../config/service.config';
import { type RunOptions, startApp } from '../start/start-app';
import { type ServiceConfigs, serviceConfigs } from './service-configs';

export interface StartServiceOptions extends DescribedApp, RunOptions {
  readonly environment: NodeJS.ProcessEnv;
  /** Default: `serviceConfigs()`. */
  readonly configs?: ServiceConfigs;
}

/**
 * Starts a service whose `AppModule` imports `ServiceModule`, configured by `environment`. If the service has a token,
 * its OpenAPI page requires it.
 *
 * @throws DbEventError CONFIGURATION_INVALID before any part of the service is created.
 */
export async function startService(
  appModule: Type,
  { configs = serviceConfigs(), ...options }: StartServiceOptions,
): Promise<INestApplication> {
  return startApp(appModule, {
    ...options,
    configs,
    http: configs[0],
    guardDocument: (app) => tokenDocumentGuard(app.get(ServiceConfig).SERVICE_TOKEN)(),
  });
}
