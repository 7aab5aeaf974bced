import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const require = createRequire(import.meta.url);

/** A built app to be looked at, not started: no provider is made, nothing is connected to. */
export async function previewOf(app) {
  const { NestFactory } = require('@nestjs/core');
  const { AppModule } = require(`${root}dist/apps/${app}/app.module.js`);
  const configModule = require(`${root}dist/apps/${app}/${app}.config.js`);
  const schema = Object.values(configModule).find((exported) => typeof exported?.safeParse === 'function');
  const config = schema.parse({ DATABASE_URL: 'postgres://nobody@127.0.0.1/none' });
  return NestFactory.create(AppModule.with(config), { preview: true, logger: false });
}
