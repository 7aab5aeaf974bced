import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { RabbitMqBroker } from '@dbem/transport';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { PrivateZooKeeper } from '../../tools/servers/private-zookeeper';
import { waitFor } from '../support';
import { FaultSystem } from '../support/faults/fault-system';
import { historyFaults, recordHistory, replicaEqualsSource } from '../support/faults/history';
import { NumberedUsers, takeAll } from '../support/faults/numbered-users';
import { allReady } from '../support/faults/readiness';
import { insistOn } from '../support/faults/subscribing';

const FOLDER = fileURLToPath(new URL(`../../.local/ensemble-${randomUUID().slice(0, 8)}`, import.meta.url));

describe('an ensemble of three ZooKeepers under two event managers', () => {
  let ensemble: PrivateZooKeeper[];
  let system: FaultSystem;
  let broker: RabbitMqBroker;
  let users: NumberedUsers | undefined;

  beforeAll(async () => {
    ensemble = await PrivateZooKeeper.startEnsemble(FOLDER, 3);
    system = await FaultSystem.start();
    const environment = { ZOOKEEPER_CONNECT: ensemble.map(({ connectString }) => connectString).join(',') };
    await system.restartApp('event-manager', environment);
    await system.startAnother('event-manager', environment);
    // The ensemble's map is another one: it asks anew.
    await system.restartApp('sharing');
    await allReady(system);
    await recordHistory(system.database('sharing'));
    broker = new RabbitMqBroker({ url: system.amqpUrl });
    await broker.start();
    await waitFor(() => broker.health().isConnected);
  }, 300_000);

  afterAll(async () => {
    await broker?.stop();
    await system?.stop();
    await Promise.all((ensemble ?? []).map((server) => server.stop()));
    rmSync(FOLDER, { recursive: true, force: true });
  });

  afterEach(async () => {
    await users?.stop();
  });

  const change = (subscriber: string) => system.admin('PUT', `/subscriptions/user.profile/${subscriber}`, {});
  const subscribersAt = async (manager = system.app('event-manager')) => {
    const { body } = await system.admin<{ items: { subscriber: string }[] }>(
      'GET',
      '/subscriptions?publisher=user.profile&limit=200',
      undefined,
      manager,
    );
    return body.items.map(({ subscriber }) => subscriber).sort();
  };
  const bothHave = (subscriber: string) =>
    waitFor(
      async () => {
        const [ours, theirs] = await Promise.all([subscribersAt(), subscribersAt(system.extraApps[0])]);
        return ours.includes(subscriber) && JSON.stringify(ours) === JSON.stringify(theirs);
      },
      { what: `both managers to know ${subscriber}` },
    );

  it('ensemble restarted node by node under load → routing goes on, and who subscribes meanwhile misses nothing', async () => {
    users = NumberedUsers.start(system, 'rolling');
    const firsts = new Map<string, number>();
    for (const [index, server] of ensemble.entries()) {
      await server.kill();
      for (const subscriber of [`down.${index}`, `back.${index}`]) {
        if (subscriber.startsWith('back')) await server.restart();
        await insistOn(broker, 'SUBSCRIBE', subscriber);
        firsts.set(subscriber, users.last + 1);
        await users.more(20);
      }
    }
    await users.stop();
    for (const [subscriber, first] of firsts) {
      await takeAll(broker, `${subscriber}.queue`, users.ids(first, users.last));
    }
    await bothHave('back.2');
    await replicaEqualsSource(system);
    expect(await historyFaults(system.database('sharing'))).toEqual({ twice: [], backwards: [] });
  });

  it('ensemble without its majority → routing goes on, changes are refused with the reason, and the map converges', async () => {
    const [first, second] = ensemble as [PrivateZooKeeper, PrivateZooKeeper];
    await Promise.all([first.kill(), second.kill()]);
    users = NumberedUsers.start(system, 'minority');
    await users.more(50);
    const refused = await change('refused');
    expect(refused).toMatchObject({ status: 503, body: { code: 'MAP_UNAVAILABLE' } });
    await users.more(50);
    await users.stop();
    await replicaEqualsSource(system);
    await Promise.all([first.restart(), second.restart()]);
    await waitFor(async () => (await change('accepted')).status < 300, { what: 'a change to be accepted again' });
    await bothHave('accepted');
    expect(await subscribersAt()).not.toContain('refused');
    await allReady(system);
    await replicaEqualsSource(system);
  });
});
