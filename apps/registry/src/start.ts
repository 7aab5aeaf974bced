import { tokenDocumentGuard } from '@dbem/http';
import { type RunOptions, readConfig, startApp } from '@dbem/service-kit';
import type { INestApplication } from '@nestjs/common';
import { AppModule } from './app.module';
import { DESCRIPTION } from './description';
import { registryConfigSchema } from './registry.config';

/** Starts the app as the variables of `environment` say. */
export async function start(
  environment: NodeJS.ProcessEnv,
  { logDestination, endsOnSignals }: RunOptions = {},
): Promise<INestApplication> {
  const config = readConfig(registryConfigSchema, environment);
  return startApp(AppModule.with(config, logDestination), {
    endsOnSignals,
    ...DESCRIPTION,
    host: config.SERVICE_HOST,
    port: config.SERVICE_PORT,
    guardDocument: tokenDocumentGuard(config.SERVICE_TOKEN),
  });
}
