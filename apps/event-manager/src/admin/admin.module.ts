import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module';
import { ClusterModule } from '../cluster/cluster.module';
import { ContractModule } from '../contract/contract.module';
import { EntitiesModule } from '../entities/entities.module';
import { IdentityModule } from '../identity/identity.module';
import { LiveModule } from '../live/live.module';
import { ParkedModule } from '../parked/parked.module';
import { ReconcileModule } from '../reconcile/reconcile.module';
import { StatusModule } from '../status/status.module';
import { SubscriptionsModule } from '../subscriptions/subscriptions.module';
import { TailModule } from '../tail/tail.module';
import { AccessModule } from './access/access.module';
import { AuditController } from './audit.controller';
import { BrokerUsersController } from './broker-users.controller';
import { ChangesModule } from './changes/changes.module';
import { ClusterController } from './cluster.controller';
import { ContractChecksController } from './contract-checks.controller';
import { EntitiesController } from './entities.controller';
import { FlowController } from './flow.controller';
import { HeldController } from './held.controller';
import { IdentityController } from './identity.controller';
import { MeController } from './me.controller';
import { MembersController } from './members.controller';
import { OptionalBrokerManagement } from './optional-broker-management';
import { ParkedController } from './parked.controller';
import { ReconcileController } from './reconcile.controller';
import { ReconcileSchedulesController } from './reconcile-schedules.controller';
import { SchemasController } from './schemas.controller';
import { ServicesController } from './services.controller';
import { EventStreams } from './stream/event-streams';
import { SubscriptionsController } from './subscriptions.controller';
import { TailController } from './tail.controller';
import { TopologyController } from './topology.controller';

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
    StatusModule,
    LiveModule,
    TailModule,
    ClusterModule,
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
    TopologyController,
    FlowController,
    TailController,
    ClusterController,
    MeController,
    SchemasController,
    ContractChecksController,
  ],
  providers: [OptionalBrokerManagement, EventStreams],
})
export class AdminModule {}
