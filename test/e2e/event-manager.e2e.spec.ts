import { encodeSubscriptionRequest } from '@dbem/entity-codec';
import { type Channel, type ChannelModel, type ConsumeMessage, connect } from 'amqplib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppProcess } from '../../tools/apps/app-process';
import { InProcessApp } from '../support/apps/in-process-app';
import { logFolder } from '../support/apps/log-folder';
import { askManager, legacyMessage } from '../support/broker/ask-manager';
import { projectBytes, projectEvent, withLaterField } from '../support/events/project-event';
import { request } from '../support/http/http';
import { expectRefused } from '../support/network/expect-refused';
import { TcpProxy } from '../support/network/tcp-proxy';
import type { FreshVhost } from '../support/servers/fresh-vhost';
import { freshVhost } from '../support/servers/fresh-vhost';
import type { FreshZooKeeperRoot } from '../support/servers/fresh-zookeeper-root';
import { freshZooKeeperRoot } from '../support/servers/fresh-zookeeper-root';
import { waitFor } from '../support/waiting/wait-for';

const TOKEN = 'a-token-of-the-tests-own';

interface Health {
  readonly details: { readonly subscriptionMap: { readonly state: string } };
}

describe('the event manager', () => {
  let vhost: FreshVhost;
  let root: FreshZooKeeperRoot;
  let zooKeeperProxy: TcpProxy;
  let manager: AppProcess;
  let connection: ChannelModel;
  let channel: Channel;

  beforeAll(async () => {
    [vhost, root] = await Promise.all([freshVhost(), freshZooKeeperRoot()]);
    const [address = '', chroot] = root.connectString.split('/');
    zooKeeperProxy = await TcpProxy.start({ host: '127.0.0.1', port: Number(address.split(':')[1]) });
    manager = await AppProcess.start({
      app: 'event-manager',
      env: {
        AMQP_URL: vhost.amqpUrl,
        ZOOKEEPER_CONNECT: `127.0.0.1:${zooKeeperProxy.port}/${chroot}`,
        ADMIN_TOKEN: TOKEN,
      },
      logFolder,
    });
    await manager.waitUntilReady();
    connection = await connect(vhost.amqpUrl);
    channel = await connection.createChannel();
  });

  afterAll(async () => {
    await connection?.close();
    await manager?.stop();
    await zooKeeperProxy?.stop();
    await Promise.all([vhost?.drop(), root?.drop()]);
  });

  const admin = (method: string, path: string, body?: unknown) =>
    request(method, `${manager.url}/admin/v1${path}`, { token: TOKEN, ...(body !== undefined && { body }) });

  /** Publishes as legacy services do. */
  const publish = (body: Buffer, options = {}) =>
    channel.publish('db.event.exchange', 'db.event', body, { persistent: true, contentType: 'text/plain', ...options });

  async function collect(queue: string): Promise<ConsumeMessage[]> {
    const messages: ConsumeMessage[] = [];
    await channel.consume(queue, (message) => {
      if (message === null) return;
      messages.push(message);
      channel.ack(message);
    });
    return messages;
  }

  /** On a channel of its own, which the broker closes if there is no such queue. */
  async function exists(queue: string): Promise<boolean> {
    const own = await connection.createChannel();
    own.on('error', () => {});
    return own.checkQueue(queue).then(
      () => own.close().then(() => true),
      () => false,
    );
  }

  const ask = (body: Buffer) => askManager(connection, legacyMessage(body));

  async function subscribe(publisher: string, subscriber: string): Promise<void> {
    expect((await admin('PUT', `/subscriptions/${publisher}/${subscriber}`, {})).status).toBe(201);
  }

  const hasSubscriber = async (subscriber: string) => {
    const { body } = await admin('GET', `/subscriptions?subscriber=${subscriber}`);
    return (body as { items: unknown[] }).items.length > 0;
  };

  it('A legacy service with its own classic queue and a plain subscription receives events byte for byte', async () => {
    await channel.assertQueue('old.sharing.queue', { durable: true });
    await channel.assertExchange('db.event.exchange', 'topic', { durable: true });
    await channel.bindQueue('old.sharing.queue', 'db.event.exchange', '#.old.sharing.#');
    const received = await collect('old.sharing.queue');
    publish(
      encodeSubscriptionRequest({
        action: 'SUBSCRIBE',
        publisher: 'old.registry',
        subscriber: 'old.sharing',
        declareQueue: false,
      }),
    );
    await waitFor(() => hasSubscriber('old.sharing'));
    publish(projectEvent('old.registry'));
    await waitFor(() => received.length === 1);
    expect(received[0]?.content).toEqual(projectEvent('old.registry'));
    expect(received[0]?.properties.deliveryMode).toBe(2);
    // Still the classic queue that the service declared: declaring it again must not clash.
    await channel.assertQueue('old.sharing.queue', { durable: true });
  });

  it('A service that declares no queue gets a queue, where its events wait for it', async () => {
    const reply = await ask(
      encodeSubscriptionRequest({
        action: 'SUBSCRIBE',
        publisher: 'old.registry',
        subscriber: 'late',
        entityTypes: ['PROJECT'],
        declareQueue: true,
      }),
    );
    expect(reply).toEqual({ status: 'ACCEPTED', services: ['late'] });
    expect(await ask(projectEvent('old.registry', 'waits'))).toEqual({
      status: 'ACCEPTED',
      services: ['late', 'old.sharing'],
    });
    const received = await collect('late.queue');
    await waitFor(() => received.length === 1);
    expect(received[0]?.content).toEqual(projectEvent('old.registry', 'waits'));
  });

  it('An event does not reach a service whose name is only similar', async () => {
    for (const subscriber of ['profile', 'user.profile']) {
      await subscribe(`only.${subscriber}`, subscriber);
    }
    expect(await ask(projectEvent('only.user.profile'))).toEqual({ status: 'ACCEPTED', services: ['user.profile'] });
    expect((await channel.checkQueue('profile.queue')).messageCount).toBe(0);
  });

  it('An event without subscribers is acknowledged and dropped', async () => {
    expect(await ask(projectEvent('unsubscribed'))).toEqual({ status: 'ACCEPTED', services: [] });
  });

  it('A message that can’t be processed is parked, and its sender gets the reason', async () => {
    expect(await ask(Buffer.from('nonsense'))).toMatchObject({
      status: 'REJECTED',
      code: 'MESSAGE_MALFORMED',
      retryable: false,
    });
    expect(await ask(projectEvent('not a name'))).toMatchObject({ status: 'REJECTED', code: 'SERVICE_NAME_INVALID' });
    const parked = await collect('db.event.parked');
    await waitFor(() => parked.length === 2);
    expect(parked.map(({ properties }) => properties.headers?.['x-dbem-reason-code']).sort()).toEqual([
      'MESSAGE_MALFORMED',
      'SERVICE_NAME_INVALID',
    ]);
  });

  it('A subscription of a service to itself is rejected', async () => {
    const request = {
      action: 'SUBSCRIBE',
      publisher: 'narcissus',
      subscriber: 'narcissus',
      declareQueue: true,
    } as const;
    expect(await ask(encodeSubscriptionRequest(request))).toMatchObject({
      status: 'REJECTED',
      code: 'SUBSCRIPTION_INVALID',
    });
  });

  it('A deleted service queue is declared again, and no event is lost', async () => {
    await subscribe('lonely', 'deleted.one');
    await channel.deleteQueue('deleted.one.queue');
    expect(await ask(projectEvent('lonely', 'x'))).toEqual({ status: 'ACCEPTED', services: ['deleted.one'] });
    await waitFor(() => exists('deleted.one.queue'), { what: 'the deleted queue to be declared again' });
    const received = await collect('deleted.one.queue');
    await waitFor(() => received.length === 1);
  });

  it('An event with fields of a later contract is forwarded byte for byte', async () => {
    await subscribe('later', 'archive');
    const event = withLaterField(projectEvent('later', 'p', withLaterField(projectBytes())));
    expect(await ask(event)).toEqual({ status: 'ACCEPTED', services: ['archive'] });
    const received = await collect('archive.queue');
    await waitFor(() => received.length === 1);
    expect(received[0]?.content).toEqual(event);
  });

  it('Routing continues while ZooKeeper is unreachable, health reports it, and changes of the map are rejected', async () => {
    const mapState = async () => {
      const { status, body } = await request<Health>('GET', `${manager.url}/health/ready`, { token: TOKEN });
      return status === 200 && body.details.subscriptionMap.state;
    };
    expect(await mapState()).toBe('ready');
    zooKeeperProxy.cut();
    await expectRefused(zooKeeperProxy.port);
    await waitFor(async () => (await mapState()) === 'degraded');
    expect(await ask(projectEvent('old.registry', 'meanwhile'))).toMatchObject({ services: ['late', 'old.sharing'] });
    const { status, headers, body } = await admin('PUT', '/subscriptions/pub/sub', {});
    expect(status).toBe(503);
    expect(headers.get('retry-after')).toBe('1');
    expect(body).toMatchObject({ code: 'MAP_UNAVAILABLE' });
    // A legacy service does not wait for a reply: its request must not be lost.
    publish(
      encodeSubscriptionRequest({
        action: 'SUBSCRIBE',
        publisher: 'p',
        subscriber: 'legacy.subscriber',
        declareQueue: false,
      }),
    );
    zooKeeperProxy.restore();
    await waitFor(() => hasSubscriber('legacy.subscriber'));
    await waitFor(async () => (await mapState()) === 'ready');
  });

  it('The subscription map is kept after a SIGKILL of the event manager', async () => {
    const before = (await admin('GET', '/subscriptions')).body;
    await manager.kill();
    await expectRefused(manager.port);
    const next = await InProcessApp.start('event-manager', {
      AMQP_URL: vhost.amqpUrl,
      ZOOKEEPER_CONNECT: root.connectString,
      ADMIN_TOKEN: TOKEN,
    });
    try {
      await next.waitUntilReady();
      const url = `${next.url}/admin/v1/subscriptions`;
      expect((await request('GET', url, { token: TOKEN })).body).toEqual(before);
    } finally {
      await next.stop();
    }
  });
});
