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
import { sharingMigrations } from './database/sharing-migrations';
import { DomainReplica } from './domains/domain.replica';
import { DomainsController } from './domains/domains.controller';
import { EntitiesController } from './entities/entities.controller';
import { ProjectReplica } from './entities/project.replica';
import { groupSource } from './groups/group.source';
import { GroupsController } from './groups/groups.controller';
import { GroupsService } from './groups/groups.service';
import { SERVICE_NAME, type SharingConfig } from './sharing.config';
import { UserReplica } from './users/user.replica';
import { UsersController } from './users/users.controller';

@Module({})
export class AppModule {
  static with(config: SharingConfig, logDestination?: DestinationStream): DynamicModule {
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
          migrations: sharingMigrations,
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
            sources: [groupSource],
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
      controllers: [DomainsController, UsersController, GroupsController, EntitiesController],
      providers: [
        DomainReplica,
        UserReplica,
        ProjectReplica,
        GroupsService,
        { provide: APP_FILTER, useClass: ProblemDetailsFilter },
        { provide: APP_INTERCEPTOR, useClass: ReplicationTokenInterceptor },
        { provide: APP_INTERCEPTOR, useClass: ReadYourWritesInterceptor },
      ],
    };
  }
}
