import { Log, pause, SILENT_LOG } from '@dbem/runtime';
import { Broker, declareManagerTopology, InMemoryBroker, MANAGER_QUEUE } from '@dbem/transport';
import { Global, Module } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  type InMemorySubscriptionRegistry,
  InMemorySubscriptionStore,
} from '../in-memory/in-memory-subscription-registry';
import { SubscriptionRegistryModule } from '../subscription-registry.module';
import { SubscriptionRegistry } from '../subscription-registry.port';
import { MapRollout } from './map-rollout';
import { RolloutModule } from './rollout.module';
import { RolloutChannel } from './rollout-channel';
import { SubscriptionMapEditor } from './subscription-map-editor';

describe('RolloutModule', () => {
  const shared = new InMemorySubscriptionStore();
  const broker = new InMemoryBroker();
  let managers: TestingModule[];

  @Global()
  @Module({
    providers: [
      { provide: Broker, useValue: broker },
      { provide: Log, useValue: SILENT_LOG },
    ],
    exports: [Broker, Log],
  })
  class SharedModule {}

  beforeEach(async () => {
    await broker.start();
    await declareManagerTopology(broker.topology);
    const imports = [SharedModule, SubscriptionRegistryModule.forRoot({ store: 'in-memory', shared }), RolloutModule];
    managers = await Promise.all([0, 1].map(() => Test.createTestingModule({ imports }).compile()));
    for (const manager of managers) await manager.init();
  });

  afterEach(async () => {
    for (const manager of managers) await manager.close();
    await broker.stop();
  });

  it('RolloutModule resolves a change of the map once a manager that has lost ZooKeeper routes by it, too', async () => {
    const [first, second] = managers as [TestingModule, TestingModule];
    for (const manager of managers) await vi.waitFor(() => expect(manager.get(MapRollout).isCurrent).toBe(true));
    second.get(MapRollout).setRegistration(() => 'the only consumer');
    broker.consume(MANAGER_QUEUE, async () => {});
    const registry = second.get<SubscriptionRegistry, InMemorySubscriptionRegistry>(SubscriptionRegistry);
    registry.expireSession();
    await first.get(SubscriptionMapEditor).put({ publisher: 'profile', subscriber: 'sharing' });
    expect(registry.map.get('profile', 'sharing')).toBeDefined();
  });

  it('RolloutModule resolves a change of the map when every answer takes longer than the consumers are counted again', async () => {
    const [first, second] = managers as [TestingModule, TestingModule];
    for (const manager of managers) await vi.waitFor(() => expect(manager.get(MapRollout).isCurrent).toBe(true));
    second.get(MapRollout).setRegistration(() => 'the only consumer');
    broker.consume(MANAGER_QUEUE, async () => {});
    const channel = second.get(RolloutChannel);
    const send = channel.send.bind(channel);
    const delayed = vi.spyOn(channel, 'send').mockImplementation(async (queue, message) => {
      await pause(600);
      await send(queue, message);
    });
    await first.get(SubscriptionMapEditor).put({ publisher: 'profile', subscriber: 'sharing' });
    expect(delayed).toHaveBeenCalledTimes(2);
  });
});
