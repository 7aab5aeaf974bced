import { Global, Module } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { RefusalObserver } from '../../access/refusal-observer.port';
import { AuditModule } from '../audit.module';
import { AuditInterceptor } from './audit.interceptor';
import { AuditedRefusals } from './audited-refusals';
import { IdempotencyInterceptor } from './idempotency.interceptor';
import { IdempotencyStore } from './idempotency-store';

/**
 * What stands around every change: an answer given again is not a change, so the keys come before the trail. Global, for the
 * access guard tells of what it refuses.
 */
@Global()
@Module({
  imports: [AuditModule],
  providers: [
    IdempotencyStore,
    { provide: APP_INTERCEPTOR, useClass: IdempotencyInterceptor },
    { provide: APP_INTERCEPTOR, useClass: AuditInterceptor },
    { provide: RefusalObserver, useClass: AuditedRefusals },
  ],
  exports: [RefusalObserver],
})
export class ChangesModule {}
