import { ServiceTokenModule } from '@dbem/http';
import { OutboxModule, ReplicationTokenInterceptor } from '@dbem/outbox';
import { Database, databaseOptionsOf, PostgresModule } from '@dbem/postgres';
import { ReadYourWritesInterceptor, ReplicaModule, RunningReplication } from '@dbem/replica';
import { Log } from '@dbem/runtime';
import { HealthModule, LoggingModule, ProblemDetailsFilter, secretsOf } from '@dbem/service-kit';
import { MetricsModule, TracingModule } from '@dbem/telemetry';
import { Broker, brokerOptionsOf, TransportModule } from '@dbem/transport';
import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, APP_INTERCEPTOR } from '@nestjs/core';
import { Pool } from 'pg';
import type { DestinationStream } from 'pino';
import { registryMigrations } from './database/registry-migrations';
import { GatewayReplica } from './gateways/gateway.replica';
import { GatewaysController } from './gateways/gateways.controller';
import { DefaultProjects } from './projects/default-projects';
import { projectSource } from './projects/project.source';
import { ProjectsController } from './projects/projects.controller';
import { ProjectsService } from './projects/projects.service';
import { type RegistryConfig, SERVICE_NAME } from './registry.config';
import { UserReplica } from './users/user.replica';
import { UsersController } from './users/users.controller';

@Module({})
export class AppModule {
  static with(config: RegistryConfig, logDestination?: DestinationStream): DynamicModule {
    return {
      module: AppModule,
      imports: [
        LoggingModule.forRoot({
          app: SERVICE_NAME,
          level: config.LOG_LEVEL,
          secrets: secretsOf(config),
          destination: logDestination,
        }),
        MetricsModule.forRoot({ token: config.METRICS_TOKEN }),
        ServiceTokenModule.forRoot({ token: config.SERVICE_TOKEN }),
        TracingModule.forRoot({ service: SERVICE_NAME }),
        PostgresModule.forRoot({
          ...databaseOptionsOf(config),
          applicationName: SERVICE_NAME,
          migrations: registryMigrations,
        }),
        TransportModule.forRootAsync({
          inject: [Log],
          useFactory: (log: Log) => ({ ...brokerOptionsOf(config), connectionName: SERVICE_NAME, log }),
        }),
        OutboxModule.forRootAsync({
          inject: [Pool, Log],
          useFactory: (pool: Pool, log: Log) => ({
            service: SERVICE_NAME,
            pool,
            protocol: config.PUBLISH_PROTOCOL,
            heartbeatIntervalMs: config.HEARTBEAT_INTERVAL_MS,
            sources: [projectSource],
            log,
          }),
        }),
        ReplicaModule.forRootAsync({
          inject: [Pool, Log],
          useFactory: (pool: Pool, log: Log) => ({
            service: SERVICE_NAME,
            pool,
            applier: { held: { maxAgeMs: config.HELD_EVENT_MAX_AGE_MS, maxCount: config.HELD_EVENT_MAX_COUNT } },
            sweep: { minAgeMs: config.TOMBSTONE_MIN_AGE_MS, intervalMs: config.TOMBSTONE_SWEEP_INTERVAL_MS },
            log,
          }),
        }),
        HealthModule.forRootAsync({
          inject: [Broker, Database, RunningReplication],
          useFactory: (broker: Broker, database: Database, running: RunningReplication) => ({
            database: () => database.check().then(() => ({ isUp: true })),
            broker: () => {
              const { isConnected, ...details } = broker.health();
              return { isUp: isConnected, details };
            },
            replication: () => ({
              isUp: running.replication.isReplicating,
              details: { subscriptions: running.replication.subscriptions.states },
            }),
          }),
        }),
      ],
      controllers: [GatewaysController, UsersController, ProjectsController],
      providers: [
        GatewayReplica,
        UserReplica,
        DefaultProjects,
        ProjectsService,
        { provide: APP_FILTER, useClass: ProblemDetailsFilter },
        { provide: APP_INTERCEPTOR, useClass: ReplicationTokenInterceptor },
        { provide: APP_INTERCEPTOR, useClass: ReadYourWritesInterceptor },
      ],
    };
  }
}
