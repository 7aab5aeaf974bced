// Prints the OpenAPI document of a built app: `node tools/openapi/describe.mjs profile`. The app is looked at, not started: no
// provider is made, nothing is connected to.
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const require = createRequire(import.meta.url);
const [app] = process.argv.slice(2);
const { NestFactory } = require('@nestjs/core');
const { describeApp } = require('@dbem/http');
const { AppConfigModule } = require('@dbem/service-kit');
const { AppModule } = require(`${root}dist/apps/${app}/app.module.js`);
const { DESCRIPTION } = require(`${root}dist/apps/${app}/description.js`);
const config = require(`${root}dist/apps/${app}/${app}.config.js`);
const environment = { DATABASE_URL: 'postgres://nobody@127.0.0.1/none' };

const application = await NestFactory.create(await appModule(), { preview: true, logger: false });
const document = describeApp(application, DESCRIPTION);
process.stdout.write(`${JSON.stringify(document, null, 2)}\n`, () => process.exit(0));

/** The event manager's is made of a configuration yet. */
async function appModule() {
  if (AppModule.with !== undefined) return AppModule.with(config.eventManagerConfigSchema.parse(environment));
  const configuration = await AppConfigModule.forRoot({ environment, configs: config.CONFIGS });
  return { module: class {}, imports: [configuration, AppModule] };
}
