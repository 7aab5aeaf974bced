import { decodeReply, encodeEvent, encodeSubscriptionRequest, projectCodec } from '@dbem/entity-codec';
import { type Channel, type ChannelModel, type ConsumeMessage, connect } from 'amqplib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppProcess } from '../../tools/apps/app-process';
import type { FreshVhost, FreshZooKeeperRoot } from '../support';
import { freshVhost, freshZooKeeperRoot, logFolder, request, TcpProxy, waitFor } from '../support';

const TOKEN = 'a-token-of-the-tests-own';

describe('the event manager as a process', () => {
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
        LOG_LEVEL: 'debug',
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
    await Promise.all([vhost.drop(), root.drop()]);
  });

  const admin = (method: string, path: string, body?: unknown) =>
    request(method, `${manager.url}/admin/v1${path}`, { token: TOKEN, ...(body !== undefined && { body }) });

  const event = (publisher: string, id = 'p') =>
    encodeEvent({
      publisher,
      entityType: 'PROJECT',
      crudType: 'UPDATE',
      entity: projectCodec.encode({ projectID: id, owner: 'ada', gatewayId: 'gw', name: 'n' }),
    });

  /** As services of the Java original publish. */
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

  async function ask(body: Buffer) {
    const asking = await connection.createChannel();
    const answer = new Promise<Buffer>((resolve) => {
      void asking.consume('amq.rabbitmq.reply-to', (message) => message && resolve(message.content), { noAck: true });
    });
    asking.publish('db.event.exchange', 'db.event', body, { replyTo: 'amq.rabbitmq.reply-to', correlationId: 'c' });
    const reply = decodeReply(await answer);
    await asking.close();
    return reply;
  }

  it('serves a service written for the Java original: own classic queue, plain subscription, events byte for byte', async () => {
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
    await waitFor(async () => JSON.stringify((await admin('GET', '/subscriptions')).body).includes('old.sharing'));
    publish(event('old.registry'));
    await waitFor(() => received.length === 1);
    expect(received[0]?.content).toEqual(event('old.registry'));
    expect(received[0]?.properties.deliveryMode).toBe(2);
    // Still the classic queue that the service declared: declaring it again must not clash.
    await channel.assertQueue('old.sharing.queue', { durable: true });
  });

  it('gives a service that declares no queue one to wait for it', async () => {
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
    expect(await ask(event('old.registry', 'waits'))).toEqual({
      status: 'ACCEPTED',
      services: ['late', 'old.sharing'],
    });
    const received = await collect('late.queue');
    await waitFor(() => received.length === 1);
    expect(received[0]?.content).toEqual(event('old.registry', 'waits'));
  });

  it('delivers to nobody whose name is only similar', async () => {
    for (const subscriber of ['profile', 'user.profile']) {
      await admin('PUT', `/subscriptions/only.${subscriber}/${subscriber}`, {});
    }
    expect(await ask(event('only.user.profile'))).toEqual({ status: 'ACCEPTED', services: ['user.profile'] });
    expect((await channel.checkQueue('profile.queue')).messageCount).toBe(0);
  });

  it('acknowledges an event that nobody wants', async () => {
    expect(await ask(event('unheard'))).toEqual({ status: 'ACCEPTED', services: [] });
  });

  it('parks what it can’t use and tells who asked', async () => {
    expect(await ask(Buffer.from('nonsense'))).toMatchObject({
      status: 'REJECTED',
      code: 'MESSAGE_MALFORMED',
      retryable: false,
    });
    expect(await ask(event('not a name'))).toMatchObject({ status: 'REJECTED', code: 'SERVICE_NAME_INVALID' });
    const parked = await collect('db.event.parked');
    await waitFor(() => parked.length === 2);
    expect(parked.map(({ properties }) => properties.headers?.['x-dbem-reason-code']).sort()).toEqual([
      'MESSAGE_MALFORMED',
      'SERVICE_NAME_INVALID',
    ]);
  });

  it('refuses a service that would subscribe to itself', async () => {
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

  it('declares a service queue again that somebody deleted, and loses no event', async () => {
    await admin('PUT', '/subscriptions/lonely/deleted.one', {});
    await channel.deleteQueue('deleted.one.queue');
    expect(await ask(event('lonely', 'x'))).toEqual({ status: 'ACCEPTED', services: ['deleted.one'] });
    const received = await collect('deleted.one.queue');
    await waitFor(() => received.length === 1);
  });

  describe('its admin API', () => {
    it('lets nobody in without the token', async () => {
      for (const path of ['/subscriptions', '/services', '/members']) {
        const { status, contentType, body } = await request('GET', `${manager.url}/admin/v1${path}`);
        expect(status).toBe(401);
        expect(contentType).toContain('application/problem+json');
        expect(body).toMatchObject({ status: 401, title: 'Unauthorized', instance: `/admin/v1${path}` });
      }
      expect((await request('GET', `${manager.url}/admin/v1/members`, { token: 'wrong' })).status).toBe(401);
    });

    it('makes, narrows, lists and ends subscriptions', async () => {
      expect((await admin('PUT', '/subscriptions/pub/sub', {})).status).toBe(201);
      expect((await admin('PUT', '/subscriptions/pub/sub', { entityTypes: ['GROUP'] })).status).toBe(200);
      expect((await admin('GET', '/subscriptions?publisher=pub')).body).toEqual({
        items: [{ publisher: 'pub', subscriber: 'sub', entityTypes: ['GROUP'] }],
      });
      expect(await ask(event('pub'))).toEqual({ status: 'ACCEPTED', services: [] });
      expect((await admin('DELETE', '/subscriptions/pub/sub')).status).toBe(204);
      expect((await admin('DELETE', '/subscriptions/pub/sub')).status).toBe(404);
    });

    it('refuses input that makes no sense', async () => {
      expect((await admin('PUT', '/subscriptions/pub/sub', { entityTypes: ['NOTHING'] })).status).toBe(400);
      expect((await admin('PUT', '/subscriptions/pub/sub', { surprise: true })).status).toBe(400);
      expect((await admin('PUT', '/subscriptions/pub/db.event', {})).body).toMatchObject({
        code: 'SERVICE_NAME_INVALID',
      });
    });

    it('lists services with their queues, and the live managers', async () => {
      const { body } = await admin('GET', '/services');
      const services = (body as { items: { name: string; queue?: { consumers: number } }[] }).items;
      expect(services[0]).toMatchObject({ name: 'db.event', queue: { name: 'db.event.queue', consumers: 1 } });
      expect(services.find(({ name }) => name === 'late')).toMatchObject({
        subscribesTo: ['old.registry'],
        queue: { name: 'late.queue', messages: 0 },
      });
      expect((await admin('GET', '/members')).body).toMatchObject({ items: [{ pid: manager.pid }] });
    });

    it('describes itself in OpenAPI', async () => {
      const { body } = await request<{ paths: object }>('GET', `${manager.url}/api-json`, { token: TOKEN });
      expect(Object.keys(body.paths)).toContain('/admin/v1/subscriptions/{publisher}/{subscriber}');
    });
  });

  it('goes on routing while ZooKeeper is away, says so, and refuses changes of the map', async () => {
    zooKeeperProxy.cut();
    await waitFor(async () => {
      const { status, body } = await request('GET', `${manager.url}/health/ready`, { token: TOKEN });
      return status === 200 && JSON.stringify(body).includes('"state":"degraded"');
    });
    expect(await ask(event('old.registry', 'meanwhile'))).toMatchObject({ services: ['late', 'old.sharing'] });
    const { status, headers, body } = await admin('PUT', '/subscriptions/pub/sub', {});
    expect(status).toBe(503);
    expect(headers.get('retry-after')).toBe('1');
    expect(body).toMatchObject({ code: 'MAP_UNAVAILABLE' });
    // An old service waits for no answer: its request must not be lost.
    publish(
      encodeSubscriptionRequest({ action: 'SUBSCRIBE', publisher: 'p', subscriber: 'patient', declareQueue: false }),
    );
    zooKeeperProxy.restore();
    await waitFor(async () => JSON.stringify((await admin('GET', '/subscriptions')).body).includes('patient'), {
      timeoutMs: 30_000,
    });
  });

  it('keeps its map over a SIGKILL', async () => {
    const before = (await admin('GET', '/subscriptions')).body;
    const [address = '', chroot] = root.connectString.split('/');
    await manager.kill();
    manager = await AppProcess.start({
      app: 'event-manager',
      env: { AMQP_URL: vhost.amqpUrl, ZOOKEEPER_CONNECT: `${address}/${chroot}`, ADMIN_TOKEN: TOKEN },
      logFolder,
    });
    await manager.waitUntilReady();
    expect((await admin('GET', '/subscriptions')).body).toEqual(before);
  });
});
