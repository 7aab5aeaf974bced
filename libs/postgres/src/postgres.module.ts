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

/** A database that is there is migrated well within this; one that is away holds up no start. */
const MIGRATION_WAIT_MS = 3_000;

export type PostgresModuleOptions = Omit<DatabaseOptions, 'log'>;

export interface PostgresModuleAsyncOptions {
  readonly inject?: FactoryProvider['inject'];
  // biome-ignore lint/suspicious/noExplicitAny: Nest hands in what `inject` names.
  readonly useFactory: (...injected: any[]) => PostgresModuleOptions;
}

const OPTIONS = Symbol('PostgresModuleOptions');

/**
 * Provides the service's `Database`, its `Pool` and a `Kysely` over it to the whole application. The pool ends at Nest's last
 * shutdown hook: who uses it must have stopped in an earlier one.
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
