import { decodeMessage } from '@dbem/entity-codec';
import { RabbitMqBroker } from '@dbem/transport';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { request, waitFor } from '../support';
import { FaultSystem } from '../support/faults/fault-system';
import { replicaEqualsSource } from '../support/faults/history';
import { allReady } from '../support/faults/readiness';
import { insistOn } from '../support/faults/subscribing';
import { work } from '../support/faults/workload';

interface Members {
  readonly items: readonly { readonly id: string }[];
}

describe('three event managers under load', () => {
  let system: FaultSystem;
  let broker: RabbitMqBroker;

  beforeAll(async () => {
    system = await FaultSystem.start();
    const others = await Promise.all([system.startAnother('event-manager'), system.startAnother('event-manager')]);
    for (const other of others) await other.waitUntilReady();
    broker = new RabbitMqBroker({ url: system.amqpUrl });
    await broker.start();
    await waitFor(() => broker.health().isConnected);
  }, 120_000);

  afterAll(async () => {
    await broker?.stop();
    await system?.stop();
  });

  it('a service that subscribes while events flow → misses none from the acknowledgement on', async () => {
    let isWriting = true;
    let last = 0;
    const write = async () => {
      while (isWriting) {
        last += 1;
        const body = {
          userId: `n${String(last).padStart(6, '0')}`,
          gatewayId: 'gw',
          firstName: 'a',
          lastName: 'b',
          emails: [],
        };
        await request('POST', `${system.app('profile').url}/users`, { body });
      }
    };
    const writing = Promise.all([write(), write(), write()]);
    const lateNames = Array.from({ length: 8 }, (_, index) => `late.${index}`);
    const acknowledgedAt = new Map<string, number>();
    for (const subscriber of lateNames) {
      await insistOn(broker, 'SUBSCRIBE', subscriber);
      // Users that are created from here on have a greater number.
      acknowledgedAt.set(subscriber, last);
      const target = last + 20;
      await waitFor(() => last > target);
    }
    isWriting = false;
    await writing;

    for (const subscriber of lateNames) {
      const got = new Set<string>();
      const consumption = broker.consume(`${subscriber}.queue`, async (batch) => {
        for (const { body } of batch) {
          const message = decodeMessage(body);
          if (message.kind === 'event') got.add(message.event.entityId ?? '');
        }
      });
      const first = (acknowledgedAt.get(subscriber) ?? 0) + 1;
      const expected = Array.from(
        { length: last - first + 1 },
        (_, index) => `n${String(first + index).padStart(6, '0')}@gw`,
      );
      await waitFor(() => expected.every((id) => got.has(id)), { what: `${subscriber} to get all from n${first} on` });
      await consumption.stop();
    }
  });

  const membersSeenByOther = async () => {
    const { body } = await system.admin<Members>('GET', '/members', undefined, system.extraApps[0]);
    return body.items.map(({ id }) => id);
  };

  it('ZooKeeper session expired under load → routing goes on, the manager is a member again and follows the map', async () => {
    expect(await membersSeenByOther()).toHaveLength(3);
    const working = work(system, 'expired', 60);
    system.link('event-manager', 'ZooKeeper').cut();
    await waitFor(async () => (await membersSeenByOther()).length === 2, {
      timeoutMs: 30_000,
      what: 'ZooKeeper to give the session up',
    });
    await working;
    await replicaEqualsSource(system);
    // The map goes on without the one that is away, which learns of it when it is back.
    const put = await system.admin('PUT', '/subscriptions/somebody/somebody.else', {}, system.extraApps[0]);
    expect(put.status).toBe(201);
    system.link('event-manager', 'ZooKeeper').restore();
    await waitFor(async () => (await membersSeenByOther()).length === 3, { timeoutMs: 30_000 });
    await allReady(system);
    await waitFor(async () => (await system.admin('PUT', '/subscriptions/somebody/somebody.else', {})).status === 200);
    await work(system, 'afterwards', 12);
    await replicaEqualsSource(system);
  });
});
