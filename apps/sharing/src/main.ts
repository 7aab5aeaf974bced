import { readConfig, runMain, startApp } from '@dbem/platform';
import { AppModule } from './app.module';
import { sharingConfigSchema } from './sharing.config';

runMain(async () => {
  const config = readConfig(sharingConfigSchema);
  await startApp(AppModule.with(config), {
    title: 'sharing',
    description: 'Domains, users and shared entities, replicated; groups of its own, published.',
    host: config.SERVICE_HOST,
    port: config.SERVICE_PORT,
  });
});
