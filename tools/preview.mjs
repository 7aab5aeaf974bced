import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const require = createRequire(import.meta.url);

/** Loads a built app without starting it: creates no provider and opens no connection. */
export async function previewOf(app) {
  const { NestFactory } = require('@nestjs/core');
  const { AppConfigModule } = require('@dbem/service-kit');
  const { AppModule } = require(`${root}dist/apps/${app}/app.module.js`);
  const { CONFIGS } = require(`${root}dist/apps/${app}/${app}.config.js`);
  const environment = { DATABASE_URL: 'postgres://nobody@127.0.0.1/none' };
  const configuration = await AppConfigModule.forRoot({ environment, configs: CONFIGS });
  const application = { module: class Application {}, imports: [configuration, AppModule] };
  return NestFactory.create(application, { preview: true, logger: false });
}
