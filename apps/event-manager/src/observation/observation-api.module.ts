import { ObservationModule, StatusChannel } from '@dbem/observation';
import { GolevelupModule } from '@dbem/transport/golevelup';
import { Module } from '@nestjs/common';
import { IdentityModule } from '../access/identity/identity.module';
import { ReconcileModule } from '../reconcile/reconcile.module';
import { FlowController } from './flow.controller';
import { StatusHandler } from './status/status.handler';
import { STATUSES, statusSubscription } from './status/status-subscription';
import { EventStreams } from './stream/event-streams';
import { TailController } from './tail.controller';
import { TopologyController } from './topology.controller';

/** Receives status reports from services and managers, and serves observations over HTTP. */
@Module({
  imports: [
    ObservationModule.register({ imports: [IdentityModule, ReconcileModule] }),
    GolevelupModule.forRootAsync({
      inject: [StatusChannel],
      useFactory: ({ queue }: StatusChannel) => ({ handlers: { [STATUSES]: statusSubscription(queue) } }),
    }),
  ],
  controllers: [TopologyController, FlowController, TailController],
  providers: [EventStreams, StatusHandler],
})
export class ObservationApiModule {}
