import { type RunOptions, readConfig, startApp } from '@dbem/service-kit';
import type { INestApplication } from '@nestjs/common';
import { documentGuard } from './access/document-guard';
import { AppModule } from './app.module';
import { DESCRIPTION } from './description';
import { eventManagerConfigSchema } from './event-manager.config';

/** Starts the app as the variables of `environment` say. */
export async function start(
  environment: NodeJS.ProcessEnv,
  { logDestination, endsOnSignals }: RunOptions = {},
): Promise<INestApplication> {
  const config = readConfig(eventManagerConfigSchema, environment);
  return startApp(AppModule.with(config, logDestination), {
    endsOnSignals,
    ...DESCRIPTION,
    host: config.SERVICE_HOST,
    port: config.SERVICE_PORT,
    trustedProxies: config.TRUSTED_PROXIES,
    guardDocument: documentGuard,
  });
}
