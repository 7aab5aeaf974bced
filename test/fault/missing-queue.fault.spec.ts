import { RabbitMqBroker } from '@dbem/transport';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitFor } from '../support';
import { FaultSystem } from '../support/faults/fault-system';
import { historyFaults, recordHistory, replicaEqualsSource } from '../support/faults/history';
import { NumberedUsers, takeAll } from '../support/faults/numbered-users';

describe('a service queue deleted under load, by hand', () => {
  let system: FaultSystem;
  let broker: RabbitMqBroker;

  beforeAll(async () => {
    system = await FaultSystem.start();
    await recordHistory(system.database('sharing'));
    await (await system.startAnother('event-manager')).waitUntilReady();
    broker = new RabbitMqBroker({ url: system.amqpUrl });
    await broker.start();
    await waitFor(() => broker.health().isConnected);
  }, 120_000);

  afterAll(async () => {
    await broker?.stop();
    await system?.stop();
  });

  it('one of two subscribers’ queues gone → it is declared again, and neither misses what is routed from then on', async () => {
    expect((await system.admin('PUT', '/subscriptions/user.profile/witness', {})).status).toBe(201);
    const users = NumberedUsers.start(system, 'w', 6);
    for (let round = 0; round < 5; round += 1) {
      await users.more(50);
      await broker.topology.deleteQueue('witness.queue');
    }
    const first = users.last + 1;
    await users.more(150);
    await users.stop();
    await takeAll(broker, 'witness.queue', users.ids(first, users.last));
    await replicaEqualsSource(system);
    expect(await historyFaults(system.database('sharing'))).toEqual({ twice: [], backwards: [] });
  });
});
