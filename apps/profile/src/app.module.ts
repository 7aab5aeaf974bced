import { OutboxModule, ReplicationTokenInterceptor } from '@dbem/outbox';
import { OutboxConfig, ServiceModule } from '@dbem/service-kit';
import { Module } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { profileMigrations } from './database/profile-migrations';
import { SERVICE_NAME as service } from './profile.config';
import { tenantSource } from './tenants/tenant.source';
import { TenantsModule } from './tenants/tenants.module';
import { userSource } from './users/user.source';
import { UsersModule } from './users/users.module';

@Module({
  imports: [
    ServiceModule.forRoot({ service, app: 'profile', migrations: profileMigrations }),
    OutboxModule.forRootAsync({
      inject: [OutboxConfig],
      useFactory: ({ options }: OutboxConfig) => ({ ...options, service, sources: [userSource, tenantSource] }),
    }),
    UsersModule,
    TenantsModule,
  ],
  providers: [{ provide: APP_INTERCEPTOR, useClass: ReplicationTokenInterceptor }],
})
export class AppModule {}
