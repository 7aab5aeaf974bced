import { type DynamicModule, Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import type { DestinationStream } from 'pino';
import { type ConfigClass, schemaOf } from './config-of';
import { readConfig } from './read-config';
import { secretsOf } from './secrets-of';

/** Injection token of the secrets that must not appear in the log. */
export const SECRETS = Symbol('Secrets');

/** Injection token of the log's destination; undefined: standard output. */
export const LOG_DESTINATION = Symbol('LogDestination');

export interface AppConfigOptions {
  readonly environment: NodeJS.ProcessEnv;
  /** The configuration classes of the app's features. */
  readonly configs: readonly ConfigClass[];
  /** Default: standard output. */
  readonly logDestination?: DestinationStream | undefined;
}

/**
 * One application's configuration, for all its modules: an instance of each class in `configs`. Several applications in
 * one process have separate configurations. The process's environment is not modified: `ConfigModule` would write
 * strings and numbers that `validate` returns to it, so `validate` returns objects.
 */
@Module({})
export class AppConfigModule {
  /** @throws DbEventError CONFIGURATION_INVALID, see `readConfig` */
  static async forRoot({ environment, configs, logDestination }: AppConfigOptions): Promise<DynamicModule> {
    const values = readConfig(schemaOf(configs), environment);
    const instances = configs.map((Config) => ({ provide: Config, useValue: new Config(values) }));
    const namespaces = Object.fromEntries(instances.map(({ provide, useValue }) => [provide.name, useValue]));
    return {
      module: AppConfigModule,
      global: true,
      imports: [
        await ConfigModule.forRoot({
          ignoreEnvFile: true,
          validatePredefined: false,
          skipProcessEnv: true,
          validate: () => namespaces,
        }),
      ],
      providers: [
        ...instances,
        { provide: SECRETS, useValue: secretsOf(values) },
        { provide: LOG_DESTINATION, useValue: logDestination },
      ],
      exports: [ConfigModule, ...configs, SECRETS, LOG_DESTINATION],
    };
  }
}
