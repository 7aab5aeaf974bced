import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module';
import { ContractModule } from '../contract/contract.module';
import { EntitiesModule } from '../entities/entities.module';
import { IdentityModule } from '../identity/identity.module';
import { ParkedModule } from '../parked/parked.module';
import { ReconcileModule } from '../reconcile/reconcile.module';
import { SubscriptionsModule } from '../subscriptions/subscriptions.module';
import { AccessModule } from './access/access.module';
import { AuditController } from './audit.controller';
import { BrokerUsersController } from './broker-users.controller';
import { ChangesModule } from './changes/changes.module';
import { ContractChecksController } from './contract-checks.controller';
import { EntitiesController } from './entities.controller';
import { HeldController } from './held.controller';
import { IdentityController } from './identity.controller';
import { MembersController } from './members.controller';
import { OptionalBrokerManagement } from './optional-broker-management';
import { ParkedController } from './parked.controller';
import { ReconcileController } from './reconcile.controller';
import { ReconcileSchedulesController } from './reconcile-schedules.controller';
import { SchemasController } from './schemas.controller';
import { ServicesController } from './services.controller';
import { SubscriptionsController } from './subscriptions.controller';

@Module({
  imports: [
    ReconcileModule,
    AccessModule,
    ChangesModule,
    AuditModule,
    ContractModule,
    EntitiesModule,
    IdentityModule,
    ParkedModule,
    SubscriptionsModule,
  ],
  controllers: [
    SubscriptionsController,
    ReconcileController,
    ReconcileSchedulesController,
    ServicesController,
    ParkedController,
    HeldController,
    EntitiesController,
    BrokerUsersController,
    MembersController,
    IdentityController,
    AuditController,
    SchemasController,
    ContractChecksController,
  ],
  providers: [OptionalBrokerManagement],
})
export class AdminModule {}
