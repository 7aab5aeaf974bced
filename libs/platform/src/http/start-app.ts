import { DbEventError } from '@dbem/db-event';
import { type DynamicModule, type INestApplication, type Type, ValidationPipe } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { Logger } from 'nestjs-pino';

export interface StartAppOptions {
  readonly title: string;
  readonly host: string;
  readonly port: number;
  /** Makes the application's module; may throw CONFIGURATION_INVALID. */
  readonly description: string;
}

/** What every app's HTTP face has: validated input, and an OpenAPI page at /api (as JSON at /api-json). */
export function configureHttp(
  app: INestApplication,
  { title, description }: Pick<StartAppOptions, 'title' | 'description'>,
): void {
  app.useGlobalPipes(new ValidationPipe({ whitelist: true, forbidNonWhitelisted: true, transform: true }));
  const document = new DocumentBuilder().setTitle(title).setDescription(description).addBearerAuth().build();
  SwaggerModule.setup('api', app, () => SwaggerModule.createDocument(app, document));
}

/**
 * Starts an app and listens. SIGTERM and SIGINT stop it: requests under way are finished, relay and applier finish their
 * batches, the broker's connection closes, then the database's.
 */
export async function startApp(appModule: Type | DynamicModule, options: StartAppOptions): Promise<INestApplication> {
  const app = await NestFactory.create(appModule, { bufferLogs: true });
  const logger = app.get(Logger);
  app.useLogger(logger);
  app.enableShutdownHooks([], { useProcessExit: true });
  configureHttp(app, options);
  await app.listen(options.port, options.host);
  logger.log(`${options.title} listens on ${await app.getUrl()}`);
  return app;
}

/** Runs an app's `main`. A start that fails is told and ends the process; a fault of the configuration without a stack. */
export function runMain(main: () => Promise<unknown>): void {
  main().catch((error: unknown) => {
    const isConfiguration = error instanceof DbEventError && error.code === 'CONFIGURATION_INVALID';
    process.stderr.write(`${isConfiguration ? error.message : ((error as Error).stack ?? error)}\n`);
    process.exit(1);
  });
}
