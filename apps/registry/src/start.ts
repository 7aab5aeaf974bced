import { type RunOptions, startService } from '@dbem/service-kit';
import type { INestApplication } from '@nestjs/common';
import { AppModule } from './app.module';
import { DESCRIPTION } from './description';
import { CONFIGS } from './registry.config';

/** Starts the app with the configuration in `environment`. */
export function start(environment: NodeJS.ProcessEnv, options: RunOptions = {}): Promise<INestApplication> {
  return startService(AppModule, { environment, configs: CONFIGS, ...DESCRIPTION, ...options });
}
