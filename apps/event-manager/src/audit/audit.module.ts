import { Module, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { AuditController } from './audit.controller';
import { AuditTrail } from './audit-trail';

/** Provides the `AuditTrail` and runs it with the application. */
@Module({ controllers: [AuditController], providers: [AuditTrail], exports: [AuditTrail] })
export class AuditModule implements OnApplicationBootstrap, OnModuleDestroy {
  constructor(private readonly trail: AuditTrail) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.trail.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.trail.stop();
  }
}
