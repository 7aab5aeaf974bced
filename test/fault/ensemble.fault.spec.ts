import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type RabbitMqBroker, serviceQueueOf } from '@dbem/transport';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { PrivateZooKeeper } from '../../tools/servers/private-zookeeper';
import { expectLeader, expectNoLeader } from '../support/faults/expectations/ensemble';
import { promisesHold, replicaEqualsSource } from '../support/faults/expectations/history';
import { expectRefused } from '../support/faults/expectations/processes';
import { allReady, expectNotReady } from '../support/faults/expectations/readiness';
import { FaultSystem } from '../support/faults/system/fault-system';
import type { Instance } from '../support/faults/system/links';
import { connectedBroker } from '../support/faults/workload/connected-broker';
import { consumeAll, NumberedUsers } from '../support/faults/workload/numbered-users';
import { requestUntilAccepted } from '../support/faults/workload/subscribing';
import { waitFor } from '../support/waiting/wait-for';

const FOLDER = fileURLToPath(new URL(`../../.local/ensemble-${randomUUID().slice(0, 8)}`, import.meta.url));
const MANAGERS: Instance[] = ['event-manager', 'event-manager 2'];

describe('an ensemble of three ZooKeepers under two event managers', () => {
  let ensemble: PrivateZooKeeper[];
  let system: FaultSystem;
  let broker: RabbitMqBroker;
  let users: NumberedUsers | undefined;

  beforeAll(async () => {
    ensemble = await PrivateZooKeeper.startEnsemble(FOLDER, 3);
    const ZOOKEEPER_CONNECT = ensemble.map(({ connectString }) => connectString).join(',');
    system = await FaultSystem.start({ environment: { 'event-manager': { ZOOKEEPER_CONNECT } } });
    await system.startApp('event-manager 2');
    await allReady(system);
    broker = await connectedBroker(system.amqpUrl);
  });

  afterAll(async () => {
    await broker?.stop();
    await system?.stop();
    await Promise.all((ensemble ?? []).map((server) => server.stop()));
    rmSync(FOLDER, { recursive: true, force: true });
  });

  afterEach(async () => {
    await users?.stop();
    await expectLeader(ensemble);
    await promisesHold(system);
  });

  const subscribe = (subscriber: string) => system.admin('PUT', `/subscriptions/user.profile/${subscriber}`, {});
  const subscribersAt = async (manager: Instance) => {
    const path = '/subscriptions?publisher=user.profile&limit=200';
    const { body } = await system.admin<{ items: { subscriber: string }[] }>('GET', path, undefined, manager);
    return body.items.map(({ subscriber }) => subscriber).sort();
  };
  const bothHave = (subscriber: string) =>
    waitFor(
      async () => {
        const [first = [], second = []] = await Promise.all(MANAGERS.map(subscribersAt));
        return first.includes(subscriber) && JSON.stringify(first) === JSON.stringify(second);
      },
      { what: `both managers to have ${subscriber} in their map` },
    );

  it('Routing continues while the ensemble is restarted node by node, and a service that subscribes meanwhile misses no event', async () => {
    users = NumberedUsers.start(system, 'rolling');
    const firsts = new Map<string, number>();
    for (const [index, server] of ensemble.entries()) {
      await server.kill();
      await expectRefused(server.port);
      for (const subscriber of [`down.${index}`, `back.${index}`]) {
        if (subscriber.startsWith('back')) await server.restart();
        await requestUntilAccepted(broker, 'SUBSCRIBE', subscriber);
        firsts.set(subscriber, users.last + 1);
        await users.more(20);
      }
    }
    await users.stop();
    for (const [subscriber, first] of firsts) {
      await consumeAll(broker, serviceQueueOf(subscriber), users.ids(first, users.last));
    }
    await bothHave('back.2');
  });

  it('Routing continues without a majority of the ensemble, and changes of the map are rejected until the majority is back', async () => {
    const [first, second] = ensemble as [PrivateZooKeeper, PrivateZooKeeper];
    await Promise.all([first.kill(), second.kill()]);
    await expectNoLeader(ensemble);
    for (const manager of MANAGERS) await expectNotReady(system.app(manager));
    users = NumberedUsers.start(system, 'minority');
    await users.more(50);
    const refused = await subscribe('refused');
    expect(refused).toMatchObject({ status: 503, body: { code: 'MAP_UNAVAILABLE' } });
    await users.more(50);
    await users.stop();
    await replicaEqualsSource(system);
    await Promise.all([first.restart(), second.restart()]);
    await expectLeader(ensemble);
    await waitFor(async () => (await subscribe('accepted')).status < 300, { what: 'a change to be accepted again' });
    await bothHave('accepted');
    expect(await subscribersAt('event-manager')).not.toContain('refused');
  });
});
