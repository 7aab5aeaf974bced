import { readConfig, runMain, startApp } from '@dbem/platform';
import { documentGuard } from './admin/access/document-guard';
import { AppModule } from './app.module';
import { DESCRIPTION } from './description';
import { eventManagerConfigSchema } from './event-manager.config';

runMain(async () => {
  const config = readConfig(eventManagerConfigSchema);
  await startApp(AppModule.with(config), {
    ...DESCRIPTION,
    host: config.SERVICE_HOST,
    port: config.SERVICE_PORT,
    trustedProxies: config.TRUSTED_PROXIES,
    guardDocument: documentGuard,
  });
});
