import { join } from 'node:path';
import { type MiddlewareConsumer, Module, type NestModule, RequestMethod } from '@nestjs/common';
import { AccessConfig } from '../access/access.config';
import { ConsoleConfigController } from './console-config.controller';
import { consolePages } from './console-pages';

/** The build puts the console beside the event manager in dist/apps. */
const BUILT_CONSOLE = join(__dirname, '..', '..', 'console');

/** Serves the web console's files and its login configuration, both without authentication. */
@Module({ controllers: [ConsoleConfigController] })
export class ConsoleModule implements NestModule {
  constructor(private readonly config: AccessConfig) {}

  configure(consumer: MiddlewareConsumer): void {
    consumer
      .apply(consolePages({ root: BUILT_CONSOLE, oidcIssuer: this.config.OIDC_ISSUER }))
      .exclude('console/config.json')
      // With an explicit method, Nest passes the full path to the middleware.
      .forRoutes({ path: 'console', method: RequestMethod.ALL }, { path: 'console/*path', method: RequestMethod.ALL });
  }
}
