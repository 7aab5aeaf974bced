// Prints the OpenAPI document of a built app: `node tools/openapi/describe.mjs profile`. The app is looked at, not started: no
// provider is made, nothing is connected to.
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const require = createRequire(import.meta.url);
const [app] = process.argv.slice(2);
const { NestFactory } = require('@nestjs/core');
const { describeApp } = require('@dbem/http');
const { AppModule } = require(`${root}dist/apps/${app}/app.module.js`);
const { DESCRIPTION } = require(`${root}dist/apps/${app}/description.js`);
const { configured } = require('@dbem/service-kit');
const configModule = require(`${root}dist/apps/${app}/${app}.config.js`);
const environment = { DATABASE_URL: 'postgres://nobody@127.0.0.1/none' };

const application = await NestFactory.create(await moduleOf(AppModule), { preview: true, logger: false });
const document = describeApp(application, DESCRIPTION);
process.stdout.write(`${JSON.stringify(document, null, 2)}\n`, () => process.exit(0));

function moduleOf(appModule) {
  if (appModule.with === undefined) return configured(appModule, { environment, configs: configModule.CONFIGS });
  // Until all apps have a plain AppModule.
  const schema = Object.values(configModule).find((exported) => typeof exported?.safeParse === 'function');
  return appModule.with(schema.parse(environment));
}
