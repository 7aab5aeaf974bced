import { readConfig, runMain, startApp } from '@dbem/platform';
import { AppModule } from './app.module';
import { eventManagerConfigSchema } from './event-manager.config';

runMain(async () => {
  const config = readConfig(eventManagerConfigSchema);
  await startApp(AppModule.with(config), {
    title: 'event-manager',
    description:
      'Routes changes to the services that subscribed to them. Everything under /admin needs the admin token.',
    host: config.SERVICE_HOST,
    port: config.SERVICE_PORT,
  });
});
