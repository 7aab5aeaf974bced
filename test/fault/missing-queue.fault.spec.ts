import { type RabbitMqBroker, serviceQueueOf } from '@dbem/transport';
import { type ChannelModel, connect } from 'amqplib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { promisesHold, replicaEqualsSource } from '../support/faults/expectations/history';
import { allReady } from '../support/faults/expectations/readiness';
import { FaultSystem } from '../support/faults/system/fault-system';
import { connectedBroker } from '../support/faults/workload/connected-broker';
import { consumeAll, NumberedUsers } from '../support/faults/workload/numbered-users';
import { work } from '../support/faults/workload/workload';
import { waitFor } from '../support/waiting/wait-for';

const QUEUE = serviceQueueOf('bystander');

describe('a service queue that is deleted under load', () => {
  let system: FaultSystem;
  let broker: RabbitMqBroker;
  let operator: ChannelModel;

  beforeAll(async () => {
    system = await FaultSystem.start();
    await system.startApp('event-manager 2');
    await allReady(system);
    broker = await connectedBroker(system.amqpUrl);
    operator = await connect(system.amqpUrl);
  });

  afterAll(async () => {
    await operator?.close();
    await broker?.stop();
    await system?.stop();
  });

  it('A deleted queue of one of two subscribers is declared again, and neither subscriber misses events that are routed from then on', async () => {
    expect((await system.admin('PUT', '/subscriptions/user.profile/bystander', {})).status).toBe(201);
    const channel = await operator.createChannel();
    const users = NumberedUsers.start(system, 'w', 6);
    for (let round = 0; round < 5; round += 1) {
      await users.more(50);
      await waitFor(async () => ((await broker.topology.inspectQueue(QUEUE))?.messages ?? 0) > 0, {
        what: 'events in the queue',
      });
      // The events that are deleted with it prove that it was there.
      expect((await channel.deleteQueue(QUEUE)).messageCount).toBeGreaterThan(0);
    }
    await waitFor(async () => (await broker.topology.inspectQueue(QUEUE)) !== undefined, { what: 'the queue again' });
    const first = users.last + 1;
    await users.more(150);
    await users.stop();
    await consumeAll(broker, QUEUE, users.ids(first, users.last));
    await promisesHold(system);
  });

  it('Events that were deleted with a queue are restored by a repair that starts by itself', async () => {
    const queue = serviceQueueOf('sharing');
    await system.stopApp('sharing');
    await work(system, 'lost', 20);
    await waitFor(async () => ((await broker.topology.inspectQueue(queue))?.messages ?? 0) > 0, {
      what: 'events in the queue',
    });
    const channel = await operator.createChannel();
    expect((await channel.deleteQueue(queue)).messageCount).toBeGreaterThan(0);
    // The next event for it shows that it is missing.
    await work(system, 'after', 1);
    await waitFor(async () => (await broker.topology.inspectQueue(queue)) !== undefined, { what: 'the queue again' });
    await system.startApp('sharing');
    await replicaEqualsSource(system);
    const { body } = await system.admin<{ items: { requestedBy: string; kind: string }[] }>('GET', '/reconcile');
    expect(body.items).toContainEqual(expect.objectContaining({ kind: 'repair', requestedBy: 'lost queue' }));
  });
});
