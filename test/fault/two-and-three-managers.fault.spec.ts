import { RabbitMqBroker } from '@dbem/transport';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitFor } from '../support';
import { FaultSystem } from '../support/faults/fault-system';
import { historyFaults, recordHistory, replicaEqualsSource } from '../support/faults/history';
import { NumberedUsers, takeAll } from '../support/faults/numbered-users';
import { insistOn } from '../support/faults/subscribing';

describe('several event managers under load', () => {
  let system: FaultSystem;
  let broker: RabbitMqBroker;

  beforeAll(async () => {
    system = await FaultSystem.start();
    await recordHistory(system.database('sharing'));
    broker = new RabbitMqBroker({ url: system.amqpUrl });
    await broker.start();
    await waitFor(() => broker.health().isConnected);
  }, 240_000);

  afterAll(async () => {
    await broker?.stop();
    await system?.stop();
  });

  describe.each([2, 3])('%i of them', (managers) => {
    const names = Array.from({ length: 6 }, (_, index) => `late.${managers}.${index}`);

    beforeAll(async () => {
      while (system.extraApps.length < managers - 1) await system.startAnother('event-manager');
      await Promise.all(system.extraApps.map((manager) => manager.waitUntilReady()));
    }, 120_000);

    it('a service that subscribes while events flow → misses none from the acknowledgement on', async () => {
      const users = NumberedUsers.start(system, `m${managers}s`);
      const firsts = new Map<string, number>();
      for (const subscriber of names) {
        await insistOn(broker, 'SUBSCRIBE', subscriber);
        // Users that are created from here on have a greater number.
        firsts.set(subscriber, users.last + 1);
        await users.more(20);
      }
      await users.stop();
      for (const [subscriber, first] of firsts) {
        await takeAll(broker, `${subscriber}.queue`, users.ids(first, users.last));
      }
      await replicaEqualsSource(system);
    });

    it('a service that unsubscribes while events flow → gets none from the acknowledgement on', async () => {
      const users = NumberedUsers.start(system, `m${managers}u`);
      await users.more(20);
      await users.untilRouted(1, 10);
      const firsts = new Map<string, number>();
      for (const subscriber of names) {
        await insistOn(broker, 'UNSUBSCRIBE', subscriber);
        firsts.set(subscriber, users.last + 1);
        await users.more(20);
      }
      await users.stop();
      await replicaEqualsSource(system);
      for (const [subscriber, first] of firsts) {
        const got = await takeAll(broker, `${subscriber}.queue`, users.ids(1, 10));
        expect(users.ids(first, users.last).filter((id) => got.has(id))).toEqual([]);
      }
      expect(await historyFaults(system.database('sharing'))).toEqual({ twice: [], backwards: [] });
    });
  });
});
