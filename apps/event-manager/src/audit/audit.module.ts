import { LOG, type Log } from '@dbem/platform';
import { Broker } from '@dbem/transport';
import { Module, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { AuditTrail } from './audit-trail';

/** Provides the `AuditTrail`; started and stopped with the application. */
@Module({
  providers: [
    {
      provide: AuditTrail,
      inject: [Broker, LOG],
      useFactory: (broker: Broker, log: Log) => new AuditTrail(broker, log),
    },
  ],
  exports: [AuditTrail],
})
export class AuditModule implements OnApplicationBootstrap, OnModuleDestroy {
  constructor(private readonly trail: AuditTrail) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.trail.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.trail.stop();
  }
}
