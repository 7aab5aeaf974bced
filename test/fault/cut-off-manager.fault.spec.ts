import { RabbitMqBroker } from '@dbem/transport';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AppProcess } from '../../tools/apps/app-process';
import { request, TcpProxy, waitFor } from '../support';
import { ADMIN_TOKEN } from '../support/faults/admin-token';
import { FaultSystem } from '../support/faults/fault-system';
import { historyFaults, recordHistory, replicaEqualsSource } from '../support/faults/history';
import { NumberedUsers, takeAll } from '../support/faults/numbered-users';
import { insistOn } from '../support/faults/subscribing';

interface Readiness {
  readonly status: number;
  readonly map: string;
  readonly isHeld: boolean;
}

describe('an event manager that is cut off from ZooKeeper, beside others that are not', () => {
  let system: FaultSystem;
  let proxy: TcpProxy;
  let brokerProxy: TcpProxy;
  let cutOff: AppProcess;
  /** Where it hears what the others say. */
  let mapQueue: string;
  let broker: RabbitMqBroker;

  beforeAll(async () => {
    system = await FaultSystem.start();
    await recordHistory(system.database('sharing'));
    proxy = await TcpProxy.start({ host: '127.0.0.1', port: system.zooKeeper.port });
    brokerProxy = await TcpProxy.start({ host: '127.0.0.1', port: system.rabbitMq.port });
    const others = await mapQueues(system);
    cutOff = await system.startAnother('event-manager', {
      ZOOKEEPER_CONNECT: system.zooKeeperConnectAt(proxy.port),
      AMQP_URL: system.amqpUrlAt(brokerProxy.port),
    });
    await cutOff.waitUntilReady();
    mapQueue = (await mapQueues(system)).find((name) => !others.includes(name)) ?? '';
    broker = new RabbitMqBroker({ url: system.amqpUrl });
    await broker.start();
    await waitFor(() => broker.health().isConnected);
  }, 120_000);

  afterAll(async () => {
    await broker?.stop();
    await system?.stop();
    await Promise.all([proxy?.stop(), brokerProxy?.stop()]);
  });

  const members = async () => ((await system.admin('GET', '/members')).body as { items: { pid: number }[] }).items;

  async function readiness(): Promise<Readiness> {
    const { status, body } = await request('GET', `${cutOff.url}/health/ready`, { token: ADMIN_TOKEN });
    const { details } = body as { details: { subscriptionMap: { state: string }; intake: { isHeld: boolean } } };
    return { status, map: details.subscriptionMap.state, isHeld: details.intake.isHeld };
  }

  /** Until ZooKeeper has given its session up, so that nobody waits for it there. */
  async function cut(): Promise<void> {
    proxy.cut();
    await waitFor(async () => !(await members()).some(({ pid }) => pid === cutOff.pid), { timeoutMs: 30_000 });
    expect(await readiness()).toEqual({ status: 200, map: 'degraded', isHeld: false });
  }

  async function restore(): Promise<void> {
    proxy.restore();
    await waitFor(async () => {
      const { status, map, isHeld } = await readiness();
      return status === 200 && map === 'ready' && !isHeld;
    });
    await waitFor(async () => (await members()).some(({ pid }) => pid === cutOff.pid));
  }

  async function subscribeUnderLoad(names: readonly string[]): Promise<void> {
    const users = NumberedUsers.start(system, names[0] ?? '', 4);
    const firsts = new Map<string, number>();
    for (const name of names) {
      await insistOn(broker, 'SUBSCRIBE', name);
      firsts.set(name, users.last + 1);
      await users.more(40);
    }
    await users.stop();
    for (const [name, first] of firsts) await takeAll(broker, `${name}.queue`, users.ids(first, users.last));
  }

  async function unsubscribeUnderLoad(names: readonly string[]): Promise<void> {
    const users = NumberedUsers.start(system, `${names[0]}x`, 4);
    for (const name of names) {
      await users.more(20);
      await users.untilRouted(1, 10);
      await insistOn(broker, 'UNSUBSCRIBE', name);
      const first = users.last + 1;
      await users.more(40);
      const got = await takeAll(broker, `${name}.queue`, users.ids(1, 10));
      expect(users.ids(first, users.last).filter((id) => got.has(id))).toEqual([]);
    }
    await users.stop();
  }

  async function promisesHold(): Promise<void> {
    await replicaEqualsSource(system);
    expect(await historyFaults(system.database('sharing'))).toEqual({ twice: [], backwards: [] });
  }

  it('somebody subscribes and unsubscribes while events flow → two managers route by it from the answer on', async () => {
    await cut();
    const names = ['cut.a', 'cut.b', 'cut.c'];
    await subscribeUnderLoad(names);
    await unsubscribeUnderLoad(names);
    await restore();
    await promisesHold();
  });

  it('it loses its connection to the broker as well → it hears later what was said meanwhile', async () => {
    await cut();
    brokerProxy.cut();
    await waitFor(async () => (await readiness()).status === 503);
    await subscribeUnderLoad(['gone.a', 'gone.b']);
    brokerProxy.restore();
    await waitFor(async () => (await readiness()).status === 200);
    await subscribeUnderLoad(['gone.c']);
    expect(await readiness()).toEqual({ status: 200, map: 'degraded', isHeld: false });
    await restore();
    await promisesHold();
  });

  it('it can’t know what it has missed → it consumes nothing until it has read the map, and the others go on', async () => {
    await cut();
    await broker.topology.deleteQueue(mapQueue);
    await waitFor(async () => {
      const { status, isHeld } = await readiness();
      return status === 503 && isHeld;
    });
    await subscribeUnderLoad(['held.a', 'held.b']);
    await restore();
    await promisesHold();
  });

  it('a third manager is there → all three route by it from the answer on', async () => {
    await (await system.startAnother('event-manager')).waitUntilReady();
    await cut();
    const names = ['three.a', 'three.b', 'three.c'];
    await subscribeUnderLoad(names);
    await unsubscribeUnderLoad(names);
    await restore();
    await subscribeUnderLoad(['three.d']);
    await promisesHold();
  });
});

async function mapQueues(system: FaultSystem): Promise<string[]> {
  const response = await fetch(`http://127.0.0.1:${system.rabbitMq.managementPort}/api/queues`, {
    headers: { authorization: `Basic ${btoa('guest:guest')}` },
  });
  const queues = (await response.json()) as { name: string }[];
  return queues.map(({ name }) => name).filter((name) => name.startsWith('db.event.map.'));
}
