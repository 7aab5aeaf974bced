import { Module } from '@nestjs/common';
import { SubscriptionsModule } from '../subscriptions/subscriptions.module';
import { RunningIntake } from './running-intake';

@Module({ imports: [SubscriptionsModule], providers: [RunningIntake], exports: [RunningIntake] })
export class IntakeModule {}
