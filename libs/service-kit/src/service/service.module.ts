import { ServiceTokenModule } from '@dbem/http';
import { Database, databaseOptionsOf, type Migrations, PostgresModule } from '@dbem/postgres';
import { Log } from '@dbem/runtime';
import { MetricsModule, TracingModule } from '@dbem/telemetry';
import { Broker, brokerOptionsOf, brokerState, TransportModule } from '@dbem/transport';
import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { ServiceConfig } from '../config/service.config';
import { HealthModule } from '../health/health.module';
import { LoggingModule } from '../logging/logging.module';
import { ProblemDetailsFilter } from '../problem-details.filter';

export interface ServiceModuleOptions {
  /** The service's name on the wire and in traces. */
  readonly service: string;
  /** Name of the process in its log and of its connections to database and broker. Default: the service's name. */
  readonly app?: string;
  /** Migrations of the service's own tables and of those of the libraries that it uses. */
  readonly migrations: Migrations;
}

/**
 * The common parts of all services: log, metrics, traces, health, broker, database, the guard for the service's token,
 * and errors as problem details. Uses `ServiceConfig` and `LoggingConfig`; see `startService`.
 */
@Module({})
export class ServiceModule {
  static forRoot({ service, app = service, migrations }: ServiceModuleOptions): DynamicModule {
    return {
      module: ServiceModule,
      imports: [
        LoggingModule.forApp(app),
        MetricsModule.forRootAsync({
          inject: [ServiceConfig],
          useFactory: ({ METRICS_TOKEN: token }: ServiceConfig) => ({ token }),
        }),
        ServiceTokenModule.forRootAsync({
          inject: [ServiceConfig],
          useFactory: ({ SERVICE_TOKEN: token }: ServiceConfig) => ({ token }),
        }),
        TracingModule.forRoot({ service }),
        PostgresModule.forRootAsync({
          inject: [ServiceConfig],
          useFactory: (config: ServiceConfig) => ({ ...databaseOptionsOf(config), applicationName: app, migrations }),
        }),
        TransportModule.forRootAsync({
          inject: [ServiceConfig, Log],
          useFactory: (config: ServiceConfig, log: Log) => ({ ...brokerOptionsOf(config), connectionName: app, log }),
        }),
        HealthModule.forRootAsync({ inject: [Broker, Database], useFactory: indicatorsOf }),
      ],
      providers: [{ provide: APP_FILTER, useClass: ProblemDetailsFilter }],
    };
  }
}

function indicatorsOf(broker: Broker, database: Database) {
  return {
    database: () => database.check().then(() => ({ isUp: true })),
    broker: () => brokerState(broker),
  };
}
