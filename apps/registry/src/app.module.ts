import { OutboxModule, ReplicationTokenInterceptor } from '@dbem/outbox';
import { ReadYourWritesInterceptor, ReplicaModule } from '@dbem/replica';
import { Log } from '@dbem/runtime';
import { OutboxConfig, ReplicaConfig, ServiceModule } from '@dbem/service-kit';
import { Module } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { Pool } from 'pg';
import { registryMigrations } from './database/registry-migrations';
import { GatewaysModule } from './gateways/gateways.module';
import { projectSource } from './projects/project.source';
import { ProjectsModule } from './projects/projects.module';
import { SERVICE_NAME as service } from './registry.config';
import { UsersModule } from './users/users.module';

@Module({
  imports: [
    ServiceModule.forRoot({ service, migrations: registryMigrations }),
    OutboxModule.forRootAsync({
      inject: [OutboxConfig, Pool, Log],
      useFactory: (config: OutboxConfig, pool: Pool, log: Log) => {
        return { ...config.options, service, sources: [projectSource], pool, log };
      },
    }),
    ReplicaModule.forRootAsync({
      inject: [ReplicaConfig, Pool, Log],
      useFactory: (config: ReplicaConfig, pool: Pool, log: Log) => ({ ...config.options, service, pool, log }),
    }),
    GatewaysModule,
    UsersModule,
    ProjectsModule,
  ],
  providers: [
    { provide: APP_INTERCEPTOR, useClass: ReplicationTokenInterceptor },
    { provide: APP_INTERCEPTOR, useClass: ReadYourWritesInterceptor },
  ],
})
export class AppModule {}
