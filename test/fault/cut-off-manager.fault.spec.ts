import { MAP_EXCHANGE, type RabbitMqBroker, serviceQueueOf } from '@dbem/transport';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { queuesBoundTo } from '../support/faults/expectations/broker';
import { promisesHold } from '../support/faults/expectations/history';
import { expectCut, expectForwarding } from '../support/faults/expectations/links';
import { expectMembers } from '../support/faults/expectations/members';
import { allReady, expectDown, readinessOf } from '../support/faults/expectations/readiness';
import { FaultSystem } from '../support/faults/system/fault-system';
import { connectedBroker } from '../support/faults/workload/connected-broker';
import { consumeAll, NumberedUsers } from '../support/faults/workload/numbered-users';
import { requestUntilAccepted } from '../support/faults/workload/subscribing';
import { waitFor } from '../support/waiting/wait-for';

const CUT_OFF = 'event-manager 2';

describe('an event manager that is cut off from ZooKeeper', () => {
  let system: FaultSystem;
  let managers = 2;
  /** The queue in which it receives the other managers' reports. */
  let mapQueue: string | undefined;
  let broker: RabbitMqBroker;

  beforeAll(async () => {
    system = await FaultSystem.start();
    const others = await queuesBoundTo(system, MAP_EXCHANGE);
    await system.startApp(CUT_OFF);
    await allReady(system);
    mapQueue = (await queuesBoundTo(system, MAP_EXCHANGE)).find((name) => !others.includes(name));
    broker = await connectedBroker(system.amqpUrl);
  });

  afterAll(async () => {
    await broker?.stop();
    await system?.stop();
  });

  /** Reconnects the cut-off manager and checks that it is a member again. */
  afterEach(async () => {
    const link = system.link(CUT_OFF, 'ZooKeeper');
    link.restore();
    await expectForwarding(link);
    await expectMembers(system, managers);
    await promisesHold(system);
    expect(await state()).toEqual({ status: 200, map: 'ready', isSuspended: false });
  });

  async function state() {
    const { status, details } = await readinessOf(system.app(CUT_OFF));
    return { status, map: details['subscriptionMap']?.state, isSuspended: details['intake']?.isSuspended };
  }

  /** Cuts the link until ZooKeeper has ended the session, so that no change of the map waits for this manager. */
  async function cutOff(): Promise<void> {
    const link = system.link(CUT_OFF, 'ZooKeeper');
    link.cut();
    await expectCut(link);
    await expectMembers(system, managers - 1);
    await untilRoutingFromMemory();
  }

  const untilRoutingFromMemory = () =>
    waitFor(async () => {
      const { status, map, isSuspended } = await state();
      return status === 200 && map === 'degraded' && isSuspended === false;
    });

  async function subscribeUnderLoad(names: readonly string[]): Promise<void> {
    const users = NumberedUsers.start(system, names[0] ?? '', 4);
    const firsts = new Map<string, number>();
    for (const name of names) {
      await requestUntilAccepted(broker, 'SUBSCRIBE', name);
      firsts.set(name, users.last + 1);
      await users.more(40);
    }
    await users.stop();
    for (const [name, first] of firsts) await consumeAll(broker, serviceQueueOf(name), users.ids(first, users.last));
  }

  async function unsubscribeUnderLoad(names: readonly string[]): Promise<void> {
    const users = NumberedUsers.start(system, `${names[0]}x`, 4);
    for (const name of names) {
      await users.more(20);
      await users.untilRouted(1, 10);
      await requestUntilAccepted(broker, 'UNSUBSCRIBE', name);
      const first = users.last + 1;
      await users.more(40);
      const got = await consumeAll(broker, serviceQueueOf(name), users.ids(1, 10));
      expect(users.ids(first, users.last).filter((id) => got.has(id))).toEqual([]);
    }
    await users.stop();
  }

  it('A subscription change while a manager is cut off from ZooKeeper is routed by both managers as soon as it is confirmed', async () => {
    await cutOff();
    const names = ['cut.a', 'cut.b', 'cut.c'];
    await subscribeUnderLoad(names);
    await unsubscribeUnderLoad(names);
  });

  it('A manager that is cut off from ZooKeeper and the broker receives the reports of the others later', async () => {
    await cutOff();
    const link = system.link(CUT_OFF, 'RabbitMQ');
    link.cut();
    await expectCut(link);
    await expectDown(system.app(CUT_OFF), 'broker');
    await subscribeUnderLoad(['gone.a', 'gone.b']);
    link.restore();
    await expectForwarding(link);
    await untilRoutingFromMemory();
    await subscribeUnderLoad(['gone.c']);
    expect(await state()).toEqual({ status: 200, map: 'degraded', isSuspended: false });
  });

  it('A manager that is cut off from ZooKeeper and may have missed a report suspends its intake until it has read the map', async () => {
    await cutOff();
    if (mapQueue === undefined) throw new Error('The manager has no queue bound to the map exchange');
    await broker.topology.deleteQueue(mapQueue);
    await waitFor(async () => {
      const { status, isSuspended } = await state();
      return status === 503 && isSuspended === true;
    });
    await subscribeUnderLoad(['suspended.a', 'suspended.b']);
  });

  it('A subscription change while one of three managers is cut off is routed by all three as soon as it is confirmed', async () => {
    await system.startApp('event-manager 3');
    await allReady(system);
    managers = 3;
    await cutOff();
    const names = ['three.a', 'three.b', 'three.c'];
    await subscribeUnderLoad(names);
    await unsubscribeUnderLoad(names);
    const link = system.link(CUT_OFF, 'ZooKeeper');
    link.restore();
    await expectMembers(system, managers);
    await allReady(system);
    await subscribeUnderLoad(['three.d']);
  });
});
