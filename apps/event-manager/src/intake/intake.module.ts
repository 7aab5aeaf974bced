import { Module } from '@nestjs/common';
import { IdentityModule } from '../identity/identity.module';
import { SubscriptionsModule } from '../subscriptions/subscriptions.module';
import { RunningIntake } from './running-intake';

@Module({ imports: [IdentityModule, SubscriptionsModule], providers: [RunningIntake], exports: [RunningIntake] })
export class IntakeModule {}
