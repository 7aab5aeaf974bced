import { Log, Readiness, SILENT_LOG } from '@dbem/runtime';
import { SubscriptionRegistry, SubscriptionRegistryModule } from '@dbem/subscription-registry';
import {
  Broker,
  declareManagerTopology,
  encodeServiceStatus,
  InMemoryBroker,
  MANAGERS_EXCHANGE,
  QueueContents,
  STATUS_EXCHANGE,
} from '@dbem/transport';
import { Global, Module } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ReconcileRuns } from './live/reconcile-runs.port';
import { TopologyFeed } from './live/topology-feed';
import { ObservationModule } from './observation.module';
import { ManagerReports } from './status/manager-reports';
import { ReceivedCounts } from './status/received-counts';
import { SenderCheck } from './status/sender-check.port';
import { StatusChannel } from './status/status-channel';

const READINESS = new Readiness({ broker: () => ({ isUp: true }) });

@Global()
@Module({
  providers: [
    { provide: Broker, useClass: InMemoryBroker },
    QueueContents,
    { provide: Log, useValue: SILENT_LOG },
    { provide: Readiness, useValue: READINESS },
    { provide: SenderCheck, useValue: { checkSender: () => {} } },
    { provide: ReconcileRuns, useValue: { underWay: async () => [] } },
  ],
  exports: [Broker, QueueContents, Log, Readiness, SenderCheck, ReconcileRuns],
})
class DependenciesModule {}

describe('ObservationModule', () => {
  let manager: TestingModule;

  beforeEach(async () => {
    manager = await Test.createTestingModule({
      imports: [
        DependenciesModule,
        SubscriptionRegistryModule.forRoot({ store: 'in-memory' }),
        ObservationModule.register({ imports: [] }),
      ],
    }).compile();
    const broker = manager.get(Broker);
    await broker.start();
    await declareManagerTopology(broker.topology);
    const channel = manager.get(StatusChannel);
    const bindings = [STATUS_EXCHANGE, MANAGERS_EXCHANGE].map((exchange) => ({ exchange, routingKey: '' }));
    await broker.topology.declareQueue({ name: channel.queue, kind: 'classic', bindings });
    broker.consume(channel.queue, async (deliveries) => {
      for (const delivery of deliveries) channel.receive(delivery);
    });
    manager.get(ReceivedCounts).add('profile', 'TENANT');
    manager.get(ReceivedCounts).add('other', 'TENANT');
    await manager.init();
  });

  afterEach(async () => {
    await manager.close();
  });

  it('ObservationModule reports this manager with the counts of its intake, without publishers that are not in the map', async () => {
    await vi.waitFor(() => expect(manager.get(ManagerReports).list(Date.now())).toHaveLength(1), { timeout: 10_000 });
    const statuses = manager
      .get(ManagerReports)
      .list(Date.now())
      .map(({ status }) => status);
    expect(statuses).toMatchObject([{ isReady: true, received: [['profile', 'TENANT', 1]] }]);
  });

  it('ObservationModule shows the map, and an instance as soon as it has reported', async () => {
    await manager.get(SubscriptionRegistry).put({ publisher: 'profile', subscriber: 'sharing' });
    const body = encodeServiceStatus({
      service: 'sharing',
      instance: 'one',
      software: '1',
      startedAtMs: Date.now(),
      isReady: true,
      reasons: [],
    });
    const report = () =>
      manager.get(Broker).publish({ exchange: STATUS_EXCHANGE, routingKey: '', body, mandatory: false });
    await vi.waitFor(async () => {
      await report();
      const { edges, services } = manager.get(TopologyFeed).current();
      expect(edges).toMatchObject([{ publisher: 'profile', subscriber: 'sharing' }]);
      expect(services.find(({ name }) => name === 'sharing')?.instances).toMatchObject([{ id: 'one' }]);
    });
  });
});
