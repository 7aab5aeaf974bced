import { SenderCheck, StatusChannel } from '@dbem/observation';
import { Log, SILENT_LOG } from '@dbem/runtime';
import {
  Broker,
  declareManagerTopology,
  encodeServiceStatus,
  InMemoryBroker,
  type ServiceStatus,
  STATUS_EXCHANGE,
} from '@dbem/transport';
import { GolevelupModule } from '@dbem/transport/golevelup';
import { Global, Module } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { StatusHandler } from './status.handler';
import { STATUSES, statusSubscription } from './status-subscription';

const STATUS: ServiceStatus = {
  service: 'sharing',
  instance: 'one',
  software: '1',
  startedAtMs: 1,
  isReady: true,
  reasons: [],
};

const broker = new InMemoryBroker();

@Global()
@Module({
  providers: [
    { provide: Broker, useValue: broker },
    { provide: Log, useValue: SILENT_LOG },
    { provide: SenderCheck, useValue: { checkSender: () => {} } },
    {
      provide: StatusChannel,
      inject: [Broker, SenderCheck, Log],
      useFactory: (...parts: ConstructorParameters<typeof StatusChannel>) => new StatusChannel(...parts),
    },
  ],
  exports: [Broker, Log, StatusChannel],
})
class ChannelModule {}

describe('StatusHandler', () => {
  const managers: TestingModule[] = [];

  beforeEach(async () => {
    vi.useFakeTimers();
    await broker.start();
    await declareManagerTopology(broker.topology);
  });

  afterEach(async () => {
    await Promise.all(managers.splice(0).map((manager) => manager.close()));
    await broker.stop();
    vi.useRealTimers();
  });

  async function startManager() {
    const golevelup = GolevelupModule.forRootAsync({
      inject: [StatusChannel],
      useFactory: ({ queue }: StatusChannel) => ({ handlers: { [STATUSES]: statusSubscription(queue) } }),
    });
    const manager = await Test.createTestingModule({
      imports: [ChannelModule, golevelup],
      providers: [StatusHandler],
    }).compile();
    managers.push(manager);
    const channel = manager.get(StatusChannel, { strict: false });
    const received: unknown[] = [];
    channel.listen({ onService: (status) => received.push(status), onManager: (message) => received.push(message) });
    await manager.init();
    await vi.advanceTimersByTimeAsync(1_000);
    return { manager, channel, received };
  }

  it('Each manager of a process receives the reports of services and managers in its own queue', async () => {
    const declare = vi.spyOn(broker.topology, 'declareQueue');
    const [one, other] = [await startManager(), await startManager()];
    await broker.publishTransient({ exchange: STATUS_EXCHANGE, routingKey: '', body: encodeServiceStatus(STATUS) });
    const watches = { kind: 'watches' as const, manager: 'one', queue: one.channel.queue, watches: [] };
    await one.channel.publish(watches);
    await vi.advanceTimersByTimeAsync(100);
    expect(one.received).toEqual([STATUS, watches]);
    expect(other.received).toEqual([STATUS, watches]);
    expect(one.channel.queue).not.toBe(other.channel.queue);
    expect(declare).toHaveBeenCalledWith({
      name: one.channel.queue,
      kind: 'classic',
      messageTtlMs: 10_000,
      expiresMs: 60_000,
      bindings: [
        { exchange: 'db.event.status', routingKey: '' },
        { exchange: 'db.event.managers', routingKey: '' },
      ],
    });
  });

  it('A manager receives a message addressed to it alone and ignores an undecodable one', async () => {
    const [one, other] = [await startManager(), await startManager()];
    await broker.publishTransient({ exchange: STATUS_EXCHANGE, routingKey: '', body: Buffer.from('hello') });
    const passed = { kind: 'passed' as const, events: [], skipped: { w: 1 } };
    await one.channel.sendTo(other.channel.queue, passed);
    await vi.advanceTimersByTimeAsync(100);
    expect(one.received).toEqual([]);
    expect(other.received).toEqual([passed]);
    expect(other.channel.droppedCount).toBe(1);
  });
});
