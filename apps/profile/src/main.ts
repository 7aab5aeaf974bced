import { readConfig, runMain, startApp } from '@dbem/platform';
import { AppModule } from './app.module';
import { profileConfigSchema } from './profile.config';

runMain(async () => {
  const config = readConfig(profileConfigSchema);
  await startApp(AppModule.with(config), {
    title: 'profile',
    description: 'Users and tenants. Publishes each change of both.',
    host: config.SERVICE_HOST,
    port: config.SERVICE_PORT,
  });
});
