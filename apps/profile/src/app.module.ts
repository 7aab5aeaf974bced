import { ServiceTokenModule } from '@dbem/http';
import { OutboxModule, ReplicationTokenInterceptor } from '@dbem/outbox';
import { Database, databaseOptionsOf, PostgresModule } from '@dbem/postgres';
import { Log } from '@dbem/runtime';
import { HealthModule, LoggingModule, ProblemDetailsFilter, secretsOf } from '@dbem/service-kit';
import { MetricsModule, TracingModule } from '@dbem/telemetry';
import { Broker, brokerOptionsOf, TransportModule } from '@dbem/transport';
import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, APP_INTERCEPTOR } from '@nestjs/core';
import { Pool } from 'pg';
import type { DestinationStream } from 'pino';
import { profileMigrations } from './database/profile-migrations';
import { type ProfileConfig, SERVICE_NAME } from './profile.config';
import { tenantSource } from './tenants/tenant.source';
import { TenantsController } from './tenants/tenants.controller';
import { TenantsService } from './tenants/tenants.service';
import { userSource } from './users/user.source';
import { UsersController } from './users/users.controller';
import { UsersService } from './users/users.service';

@Module({})
export class AppModule {
  static with(config: ProfileConfig, logDestination?: DestinationStream): DynamicModule {
    return {
      module: AppModule,
      imports: [
        LoggingModule.forRoot({
          app: 'profile',
          level: config.LOG_LEVEL,
          secrets: secretsOf(config),
          destination: logDestination,
        }),
        MetricsModule.forRoot({ token: config.METRICS_TOKEN }),
        ServiceTokenModule.forRoot({ token: config.SERVICE_TOKEN }),
        TracingModule.forRoot({ service: SERVICE_NAME }),
        PostgresModule.forRoot({
          ...databaseOptionsOf(config),
          applicationName: 'profile',
          migrations: profileMigrations,
        }),
        TransportModule.forRootAsync({
          inject: [Log],
          useFactory: (log: Log) => ({ ...brokerOptionsOf(config), connectionName: 'profile', log }),
        }),
        OutboxModule.forRootAsync({
          inject: [Pool, Log],
          useFactory: (pool: Pool, log: Log) => ({
            service: SERVICE_NAME,
            pool,
            protocol: config.PUBLISH_PROTOCOL,
            heartbeatIntervalMs: config.HEARTBEAT_INTERVAL_MS,
            sources: [userSource, tenantSource],
            log,
          }),
        }),
        HealthModule.forRootAsync({
          inject: [Broker, Database],
          useFactory: (broker: Broker, database: Database) => ({
            database: () => database.check().then(() => ({ isUp: true })),
            broker: () => {
              const { isConnected, ...details } = broker.health();
              return { isUp: isConnected, details };
            },
          }),
        }),
      ],
      controllers: [UsersController, TenantsController],
      providers: [
        UsersService,
        TenantsService,
        { provide: APP_FILTER, useClass: ProblemDetailsFilter },
        { provide: APP_INTERCEPTOR, useClass: ReplicationTokenInterceptor },
      ],
    };
  }
}
