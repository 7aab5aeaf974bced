import { OutboxModule, ReplicationTokenInterceptor } from '@dbem/outbox';
import { ReadYourWritesInterceptor, ReplicaModule } from '@dbem/replica';
import { Log } from '@dbem/runtime';
import { OutboxConfig, ReplicaConfig, ServiceModule } from '@dbem/service-kit';
import { Module } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { Pool } from 'pg';
import { sharingMigrations } from './database/sharing-migrations';
import { DomainsModule } from './domains/domains.module';
import { EntitiesModule } from './entities/entities.module';
import { groupSource } from './groups/group.source';
import { GroupsModule } from './groups/groups.module';
import { SERVICE_NAME as service } from './sharing.config';
import { UsersModule } from './users/users.module';

@Module({
  imports: [
    ServiceModule.forRoot({ service, migrations: sharingMigrations }),
    OutboxModule.forRootAsync({
      inject: [OutboxConfig, Pool, Log],
      useFactory: (config: OutboxConfig, pool: Pool, log: Log) => {
        return { ...config.options, service, sources: [groupSource], pool, log };
      },
    }),
    ReplicaModule.forRootAsync({
      inject: [ReplicaConfig, Pool, Log],
      useFactory: (config: ReplicaConfig, pool: Pool, log: Log) => ({ ...config.options, service, pool, log }),
    }),
    DomainsModule,
    UsersModule,
    GroupsModule,
    EntitiesModule,
  ],
  providers: [
    { provide: APP_INTERCEPTOR, useClass: ReplicationTokenInterceptor },
    { provide: APP_INTERCEPTOR, useClass: ReadYourWritesInterceptor },
  ],
})
export class AppModule {}
