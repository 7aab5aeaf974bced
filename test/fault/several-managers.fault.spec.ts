import { type RabbitMqBroker, serviceQueueOf } from '@dbem/transport';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { promisesHold, replicaEqualsSource } from '../support/faults/expectations/history';
import { expectCut, expectForwarding } from '../support/faults/expectations/links';
import { expectMembers } from '../support/faults/expectations/members';
import { allReady } from '../support/faults/expectations/readiness';
import { FaultSystem } from '../support/faults/system/fault-system';
import { connectedBroker } from '../support/faults/workload/connected-broker';
import { consumeAll, NumberedUsers } from '../support/faults/workload/numbered-users';
import { requestUntilAccepted } from '../support/faults/workload/subscribing';
import { Workload, work } from '../support/faults/workload/workload';
import { waitFor } from '../support/waiting/wait-for';

describe('several event managers under load', () => {
  let system: FaultSystem;
  let broker: RabbitMqBroker;

  beforeAll(async () => {
    system = await FaultSystem.start();
    broker = await connectedBroker(system.amqpUrl);
  });

  afterAll(async () => {
    await broker?.stop();
    await system?.stop();
  });

  afterEach(async () => {
    await promisesHold(system);
  });

  describe.each([2, 3])('%i managers', (managers) => {
    const names = Array.from({ length: 8 }, (_, index) => `late.${managers}.${index}`);

    beforeAll(async () => {
      await system.startApp(`event-manager ${managers}`);
      await allReady(system);
      await expectMembers(system, managers);
    });

    it(`A service that subscribes at ${managers} managers under load misses no event after the confirmation`, async () => {
      const users = NumberedUsers.start(system, `m${managers}s`);
      const firsts = new Map<string, number>();
      for (const subscriber of names) {
        await requestUntilAccepted(broker, 'SUBSCRIBE', subscriber);
        // Users that are created from here on have higher numbers.
        firsts.set(subscriber, users.last + 1);
        await users.more(20);
      }
      await users.stop();
      for (const [subscriber, first] of firsts) {
        await consumeAll(broker, serviceQueueOf(subscriber), users.ids(first, users.last));
      }
    });

    it(`A service that unsubscribes at ${managers} managers under load gets no event after the confirmation`, async () => {
      const users = NumberedUsers.start(system, `m${managers}u`);
      await users.more(20);
      await users.untilRouted(1, 10);
      const firsts = new Map<string, number>();
      for (const subscriber of names) {
        await requestUntilAccepted(broker, 'UNSUBSCRIBE', subscriber);
        firsts.set(subscriber, users.last + 1);
        await users.more(20);
      }
      await users.stop();
      await replicaEqualsSource(system);
      for (const [subscriber, first] of firsts) {
        const got = await consumeAll(broker, serviceQueueOf(subscriber), users.ids(1, 10));
        expect(users.ids(first, users.last).filter((id) => got.has(id))).toEqual([]);
      }
    });
  });

  it('A manager whose ZooKeeper session expires under load continues routing, and becomes a member with the current map again', async () => {
    const other = 'event-manager 2';
    await expectMembers(system, 3, other);
    const workload = await Workload.start(system, 'expired');
    const link = system.link('event-manager', 'ZooKeeper');
    link.cut();
    await expectCut(link);
    await expectMembers(system, 2, other);
    workload.more();
    await workload.done();
    await replicaEqualsSource(system);
    // The map can be changed without the cut-off manager, which reads the change when it is back.
    const put = (manager: typeof other | 'event-manager') =>
      system.admin('PUT', '/subscriptions/somebody/somebody.else', {}, manager);
    expect((await put(other)).status).toBe(201);
    link.restore();
    await expectForwarding(link);
    await expectMembers(system, 3, other);
    await allReady(system);
    await waitFor(async () => (await put('event-manager')).status === 200, { what: 'the map to be current' });
    await work(system, 'afterwards', 12);
  });
});
