import { readConfig, runMain, startApp } from '@dbem/platform';
import { AppModule } from './app.module';
import { registryConfigSchema } from './registry.config';

runMain(async () => {
  const config = readConfig(registryConfigSchema);
  await startApp(AppModule.with(config), {
    title: 'registry',
    description: 'Gateways and users, replicated; projects of its own, published. A new user gets a default project.',
    host: config.SERVICE_HOST,
    port: config.SERVICE_PORT,
  });
});
