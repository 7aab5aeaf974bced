import { readConfig, runMain, startApp, tokenDocumentGuard } from '@dbem/platform';
import { AppModule } from './app.module';
import { DESCRIPTION } from './description';
import { registryConfigSchema } from './registry.config';

runMain(async () => {
  const config = readConfig(registryConfigSchema);
  await startApp(AppModule.with(config), {
    ...DESCRIPTION,
    host: config.SERVICE_HOST,
    port: config.SERVICE_PORT,
    guardDocument: tokenDocumentGuard(config.SERVICE_TOKEN),
  });
});
