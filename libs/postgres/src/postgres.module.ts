import { Log } from '@dbem/runtime';
import {
  type DynamicModule,
  type FactoryProvider,
  Module,
  type OnApplicationShutdown,
  type OnModuleInit,
  Optional,
} from '@nestjs/common';
import { Kysely } from 'kysely';
import { Pool } from 'pg';
import { Registry } from 'prom-client';
import { CheckpointedDialect } from './checkpointed-dialect';
import { Database, type DatabaseOptions } from './database';
import { addDatabaseGauges } from './database-gauges';

/** Enough to migrate an available database; an unavailable one must not delay the start for long. */
const MIGRATION_WAIT_MS = 3_000;

export type PostgresModuleOptions = Omit<DatabaseOptions, 'log'>;

export interface PostgresModuleAsyncOptions {
  readonly inject?: FactoryProvider['inject'];
  // biome-ignore lint/suspicious/noExplicitAny: Nest passes the providers of `inject`.
  readonly useFactory: (...injected: any[]) => PostgresModuleOptions;
}

const OPTIONS = Symbol('PostgresModuleOptions');

/**
 * Provides the service's `Database`, its `Pool` and a `Kysely` on it to the whole application. The pool ends in Nest's
 * last shutdown hook, so its users must stop in an earlier one.
 */
@Module({})
export class PostgresModule implements OnModuleInit, OnApplicationShutdown {
  constructor(
    private readonly database: Database,
    @Optional() metrics?: Registry,
  ) {
    if (metrics !== undefined) addDatabaseGauges(metrics, database);
  }

  static forRoot(options: PostgresModuleOptions): DynamicModule {
    return PostgresModule.forRootAsync({ useFactory: () => options });
  }

  static forRootAsync({ inject = [], useFactory }: PostgresModuleAsyncOptions): DynamicModule {
    return {
      module: PostgresModule,
      global: true,
      providers: [
        { provide: OPTIONS, inject, useFactory },
        {
          provide: Database,
          inject: [OPTIONS, Log],
          useFactory: (options: PostgresModuleOptions, log: Log) => new Database({ ...options, log }),
        },
        { provide: Pool, inject: [Database], useFactory: ({ pool }: Database) => pool },
        {
          provide: Kysely,
          inject: [Pool],
          useFactory: (pool: Pool) => new Kysely({ dialect: new CheckpointedDialect({ pool }) }),
        },
      ],
      exports: [Database, Pool, Kysely],
    };
  }

  async onModuleInit(): Promise<void> {
    await this.database.start();
    await this.database.waitUntilMigrated(MIGRATION_WAIT_MS);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.database.stop();
  }
}
