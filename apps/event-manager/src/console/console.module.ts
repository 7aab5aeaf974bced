import { join } from 'node:path';
import { type MiddlewareConsumer, Module, type NestModule, RequestMethod } from '@nestjs/common';
import { AccessConfig } from '../access/access.config';
import { ConsoleConfigController } from './console-config.controller';
import { consolePages } from './console-pages';

/** Beside the built event manager: the build puts both into dist/apps. */
const BUILT_CONSOLE = join(__dirname, '..', '..', 'console');

/** The web console's files, open to everybody, and how one logs in there. */
@Module({ controllers: [ConsoleConfigController] })
export class ConsoleModule implements NestModule {
  constructor(private readonly config: AccessConfig) {}

  configure(consumer: MiddlewareConsumer): void {
    consumer
      .apply(consolePages({ root: BUILT_CONSOLE, oidcIssuer: this.config.OIDC_ISSUER }))
      .exclude('console/config.json')
      // Said with a method, paths come to it whole.
      .forRoutes({ path: 'console', method: RequestMethod.ALL }, { path: 'console/*path', method: RequestMethod.ALL });
  }
}
