import { type RunOptions, startApp } from '@dbem/service-kit';
import type { INestApplication } from '@nestjs/common';
import { documentGuard } from './access/document-guard';
import { AppModule } from './app.module';
import { HttpConfig } from './config/http.config';
import { DESCRIPTION } from './description';
import { CONFIGS } from './event-manager.config';

/** Starts the app with the variables of `environment`. */
export function start(environment: NodeJS.ProcessEnv, options: RunOptions = {}): Promise<INestApplication> {
  return startApp(AppModule, {
    ...options,
    ...DESCRIPTION,
    environment,
    configs: CONFIGS,
    http: HttpConfig,
    guardDocument: documentGuard,
  });
}
