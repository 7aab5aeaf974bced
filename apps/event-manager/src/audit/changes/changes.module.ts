import { Global, Module } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { RefusalObserver } from '../../access/refusal-observer.port';
import { AuditModule } from '../audit.module';
import { AuditInterceptor } from './audit.interceptor';
import { AuditedRefusals } from './audited-refusals';
import { IdempotencyInterceptor } from './idempotency.interceptor';
import { IdempotencyStore } from './idempotency-store';

/**
 * Idempotency keys and audit of every change. A replayed response is not a change, so the idempotency interceptor
 * comes before the audit interceptor. Global, because the access guard reports refusals to the audit trail.
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
