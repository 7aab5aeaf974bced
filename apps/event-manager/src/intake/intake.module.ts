import { MapModule } from '@dbem/subscription-registry';
import { Module } from '@nestjs/common';
import { IdentityModule } from '../access/identity/identity.module';
import { AuditModule } from '../audit/audit.module';
import { SubscriptionsModule } from '../subscriptions/subscriptions.module';
import { RunningIntake } from './running-intake';

@Module({
  imports: [AuditModule, IdentityModule, MapModule, SubscriptionsModule],
  providers: [RunningIntake],
  exports: [RunningIntake],
})
export class IntakeModule {}
