import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module';
import { IdentityModule } from '../identity/identity.module';
import { MapModule } from '../map/map.module';
import { SubscriptionsModule } from '../subscriptions/subscriptions.module';
import { TailModule } from '../tail/tail.module';
import { RunningIntake } from './running-intake';

@Module({
  imports: [AuditModule, IdentityModule, MapModule, SubscriptionsModule, TailModule],
  providers: [RunningIntake],
  exports: [RunningIntake],
})
export class IntakeModule {}
