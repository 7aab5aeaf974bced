import { Module } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { AuditModule } from '../audit.module';
import { AuditInterceptor } from './audit.interceptor';
import { IdempotencyInterceptor } from './idempotency.interceptor';

/** What stands around every change: an answer given again is not a change, so the keys come before the trail. */
@Module({
  imports: [AuditModule],
  providers: [
    { provide: APP_INTERCEPTOR, useClass: IdempotencyInterceptor },
    { provide: APP_INTERCEPTOR, useClass: AuditInterceptor },
  ],
})
export class ChangesModule {}
