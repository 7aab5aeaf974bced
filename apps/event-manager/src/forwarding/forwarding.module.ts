import { UnavailableQueues } from '@dbem/observation';
import { RoutingModule } from '@dbem/routing';
import { RolloutModule } from '@dbem/subscription-registry';
import { serviceQueueOf } from '@dbem/transport';
import { Module } from '@nestjs/common';
import { Registry } from 'prom-client';
import { TopologyModule } from '../topology/topology.module';
import { CaughtUpConsumer } from './caught-up-consumer';
import { EventForwarder } from './event-forwarder';
import { MissingQueues } from './missing-queues';
import { addUnavailableQueueGauge } from './unavailable-queue-gauge';
import { WaitingDirectory } from './waiting-directory';

/** Forwards events to services' queues. The intake starts and stops it, because its events wait for these queues. */
@Module({
  imports: [RolloutModule, RoutingModule.forRoot({ queueOf: serviceQueueOf }), TopologyModule],
  providers: [
    CaughtUpConsumer,
    EventForwarder,
    MissingQueues,
    WaitingDirectory,
    { provide: UnavailableQueues, useExisting: EventForwarder },
  ],
  exports: [CaughtUpConsumer, EventForwarder, MissingQueues],
})
export class ForwardingModule {
  constructor(metrics: Registry, queues: UnavailableQueues) {
    addUnavailableQueueGauge(metrics, queues);
  }
}
