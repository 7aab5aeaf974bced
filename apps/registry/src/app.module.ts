import { OutboxModule, ReplicationTokenInterceptor } from '@dbem/outbox';
import { ReadYourWritesInterceptor, ReplicaModule } from '@dbem/replica';
import { OutboxConfig, ReplicaConfig, ServiceModule } from '@dbem/service-kit';
import { Module } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
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
      inject: [OutboxConfig],
      useFactory: ({ options }: OutboxConfig) => ({ ...options, service, sources: [projectSource] }),
    }),
    ReplicaModule.forRootAsync({
      inject: [ReplicaConfig],
      useFactory: ({ options }: ReplicaConfig) => ({ ...options, service }),
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
