import { ObservationModule } from '@dbem/observation';
import { Module } from '@nestjs/common';
import { IdentityModule } from '../access/identity/identity.module';
import { ReconcileModule } from '../reconcile/reconcile.module';
import { FlowController } from './flow.controller';
import { EventStreams } from './stream/event-streams';
import { TailController } from './tail.controller';
import { TopologyController } from './topology.controller';

/** What this manager observes, over HTTP. */
@Module({
  imports: [ObservationModule.register({ imports: [IdentityModule, ReconcileModule] })],
  controllers: [TopologyController, FlowController, TailController],
  providers: [EventStreams],
})
export class ObservationApiModule {}
