import { OutboxModule, ReplicationTokenInterceptor } from '@dbem/outbox';
import { ReadYourWritesInterceptor, ReplicaModule } from '@dbem/replica';
import { OutboxConfig, ReplicaConfig, ServiceModule } from '@dbem/service-kit';
import { Module } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
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
      inject: [OutboxConfig],
      useFactory: ({ options }: OutboxConfig) => ({ ...options, service, sources: [groupSource] }),
    }),
    ReplicaModule.forRootAsync({
      inject: [ReplicaConfig],
      useFactory: ({ options }: ReplicaConfig) => ({ ...options, service }),
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
