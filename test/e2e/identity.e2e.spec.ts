import { randomUUID } from 'node:crypto';
import { decodeReply, encodeEvent, encodeSubscriptionRequest, projectCodec } from '@dbem/entity-codec';
import { BrokerManagement, encodeServiceStatus, MANAGER_RIGHTS, provisionUser, rightsOfService } from '@dbem/transport';
import { type ConfirmChannel, connect, type Options } from 'amqplib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { AppProcess } from '../../tools/apps/app-process';
import {
  type FreshDatabase,
  type FreshVhost,
  type FreshZooKeeperRoot,
  freshDatabase,
  freshVhost,
  freshZooKeeperRoot,
  logFolder,
  request,
  waitFor,
} from '../support';

const TOKEN = 'a-token-of-this-test-alone';

describe('services that each have a broker user of their own', () => {
  let vhost: FreshVhost;
  let root: FreshZooKeeperRoot;
  let management: BrokerManagement;
  let manager: AppProcess;
  const urls: Record<string, string> = {};
  const suffix = randomUUID().slice(0, 8);
  // "alpha" is the attacker, "beta" the victim; "old" is a service of the Java original.
  const [ALPHA, BETA, OLD, MANAGER] = [`alpha-${suffix}`, `beta-${suffix}`, `old-${suffix}`, `manager-${suffix}`];

  function urlOf(name: string, password: string): string {
    const url = new URL(vhost.amqpUrl);
    url.username = name;
    url.password = password;
    return url.toString();
  }

  async function provision(name: string, rights = rightsOfService(name)): Promise<void> {
    const { password = '' } = await provisionUser(management, name, rights);
    urls[name] = urlOf(name, password);
  }

  beforeAll(async () => {
    [vhost, root] = await Promise.all([freshVhost(), freshZooKeeperRoot()]);
    management = new BrokerManagement({ url: inject('managementUrl'), vhost: vhost.vhost });
    await provision(ALPHA);
    await provision(BETA);
    await provision(OLD, rightsOfService(OLD, { declaresItself: true }));
    await provision(MANAGER, MANAGER_RIGHTS);
    manager = await AppProcess.start({
      app: 'event-manager',
      env: {
        AMQP_URL: urls[MANAGER] as string,
        AMQP_MANAGEMENT_URL: inject('managementUrl'),
        ZOOKEEPER_CONNECT: root.connectString,
        ADMIN_TOKEN: TOKEN,
        IDENTITY: 'enforced',
        IDENTITY_OLD_SERVICES: OLD,
        LOG_LEVEL: 'debug',
      },
      logFolder,
    });
    await manager.waitUntilReady();
    for (const [publisher, subscriber] of [
      [ALPHA, BETA],
      [BETA, ALPHA],
      [OLD, BETA],
    ]) {
      expect((await admin('PUT', `/subscriptions/${publisher}/${subscriber}`, {})).status).toBe(201);
    }
  });

  afterAll(async () => {
    await manager?.stop();
    for (const name of [ALPHA, BETA, OLD, MANAGER]) await management.deleteUser(name);
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

  /** Does one thing as a broker user. Resolves with the broker's refusal; undefined if there was none. */
  async function refusalOf(name: string, act: (channel: ConfirmChannel) => unknown): Promise<string | undefined> {
    const connection = await connect(urls[name] as string);
    let refusal: string | undefined;
    try {
      const channel = await connection.createConfirmChannel();
      channel.on('error', (error: Error) => {
        refusal = error.message;
      });
      try {
        await act(channel);
        await channel.waitForConfirms();
      } catch (error) {
        refusal ??= String(error);
      }
    } finally {
      await connection.close();
    }
    return refusal;
  }

  const publishes = (name: string, exchange: string, key: string, options: Options.Publish = {}, body = event(name)) =>
    refusalOf(name, (channel) => channel.publish(exchange, key, body, { persistent: true, ...options }));

  async function ask(name: string, body: Buffer, options: Options.Publish = {}) {
    const connection = await connect(urls[name] as string);
    try {
      const channel = await connection.createChannel();
      const answer = new Promise<Buffer>((resolve) => {
        void channel.consume('amq.rabbitmq.reply-to', (message) => message && resolve(message.content), {
          noAck: true,
        });
      });
      channel.publish('db.event.exchange', 'db.event', body, {
        replyTo: 'amq.rabbitmq.reply-to',
        correlationId: 'c',
        ...options,
      });
      return decodeReply(await answer);
    } finally {
      await connection.close();
    }
  }

  /** All that is in a queue; it stays there. */
  async function contentOf(queue: string): Promise<{ body: string; headers: Record<string, unknown> }[]> {
    const connection = await connect(vhost.amqpUrl);
    const channel = await connection.createChannel();
    const found = [];
    for (;;) {
      const message = await channel.get(queue);
      if (message === false) break;
      found.push({ body: message.content.toString('latin1'), headers: message.properties.headers ?? {} });
    }
    await connection.close();
    return found;
  }

  async function purge(...queues: string[]): Promise<void> {
    const connection = await connect(vhost.amqpUrl);
    const channel = await connection.createChannel();
    for (const queue of queues) await channel.purgeQueue(queue);
    await connection.close();
  }

  const REFUSED = expect.stringContaining('ACCESS_REFUSED');

  describe('a service may', () => {
    afterEach(() => purge(`${ALPHA}.queue`, `${BETA}.queue`, `${ALPHA}.parked`));

    it('publish as itself, be acknowledged, and be heard', async () => {
      expect(await ask(ALPHA, event(ALPHA), { userId: ALPHA })).toEqual({ status: 'ACCEPTED', services: [BETA] });
      expect(await contentOf(`${BETA}.queue`)).toHaveLength(1);
    });

    it('subscribe and unsubscribe itself', async () => {
      const subscription = { publisher: 'somebody', subscriber: ALPHA, declareQueue: true };
      for (const action of ['SUBSCRIBE', 'UNSUBSCRIBE'] as const) {
        const body = encodeSubscriptionRequest({ ...subscription, action });
        expect(await ask(ALPHA, body, { userId: ALPHA })).toEqual({ status: 'ACCEPTED', services: [ALPHA] });
      }
    });

    it('take from its queue, park for itself, and retry for itself', async () => {
      expect(await publishes(BETA, 'db.event.exchange', 'db.event', { userId: BETA })).toBeUndefined();
      await waitFor(async () => (await contentOf(`${ALPHA}.queue`)).length === 1);
      expect(await refusalOf(ALPHA, (channel) => channel.get(`${ALPHA}.queue`))).toBeUndefined();
      await purge(`${ALPHA}.queue`);
      expect(await publishes(ALPHA, `${ALPHA}.failed`, 'parked', { mandatory: true })).toBeUndefined();
      expect(await contentOf(`${ALPHA}.parked`)).toHaveLength(1);
      const retry = { mandatory: true, headers: { 'dbem-lane': 'db.event.retry.1.1' } };
      expect(await publishes(ALPHA, `${ALPHA}.failed`, 'retry', retry)).toBeUndefined();
      await waitFor(async () => (await contentOf(`${ALPHA}.queue`)).length === 1);
    });

    it('declare the queue by which the event manager asks it', async () => {
      expect(
        await refusalOf(ALPHA, (channel) => channel.assertQueue(`${ALPHA}.replica.requests`, { durable: true })),
      ).toBeUndefined();
    });
  });

  describe('a service can’t', () => {
    beforeEach(() => purge(`${BETA}.queue`, `${BETA}.parked`));

    afterEach(async () => {
      expect(await contentOf(`${BETA}.queue`)).toEqual([]);
      expect(await contentOf(`${BETA}.parked`)).toEqual([]);
    });

    it('read another’s queues', async () => {
      for (const queue of [`${BETA}.queue`, `${BETA}.parked`, `${BETA}.retry`, 'db.event.queue', 'db.event.parked']) {
        expect(await refusalOf(ALPHA, (channel) => channel.get(queue)), queue).toEqual(REFUSED);
        expect(await refusalOf(ALPHA, (channel) => channel.consume(queue, () => {})), queue).toEqual(REFUSED);
        expect(await refusalOf(ALPHA, (channel) => channel.purgeQueue(queue)), queue).toEqual(REFUSED);
        expect(await refusalOf(ALPHA, (channel) => channel.deleteQueue(queue)), queue).toEqual(REFUSED);
      }
    });

    it('bind a queue to the exchange where all events pass', async () => {
      const bind = (channel: ConfirmChannel) => channel.bindQueue(`${ALPHA}.queue`, 'db.event.exchange', '#');
      expect(await refusalOf(ALPHA, bind)).toEqual(REFUSED);
      expect(await refusalOf(ALPHA, (channel) => channel.assertQueue('of.its.own'))).toEqual(REFUSED);
      expect(
        await refusalOf(OLD, async (channel) => {
          await channel.assertQueue(`${OLD}.queue`, { durable: true });
          await channel.bindQueue(`${OLD}.queue`, 'db.event.exchange', '#');
        }),
      ).toEqual(REFUSED);
    });

    it('put a message into another’s queue past the manager', async () => {
      expect(await publishes(ALPHA, '', `${BETA}.queue`)).toEqual(REFUSED);
      expect(await publishes(ALPHA, `${BETA}.failed`, 'parked')).toEqual(REFUSED);
      expect(await publishes(ALPHA, `${BETA}.failed`, 'retry')).toEqual(REFUSED);
      for (const exchange of ['db.event.retry', 'db.event.redelivery']) {
        expect(await publishes(ALPHA, exchange, BETA)).toEqual(REFUSED);
      }
      expect(await publishes(ALPHA, 'db.event.exchange', `${BETA}.queue`)).toEqual(REFUSED);
    });

    it('park or retry into another’s queue by keys that it adds to its own message', async () => {
      const keys = { CC: [`${BETA}.queue`, BETA], BCC: [`${BETA}.parked`, BETA] };
      const headers = { 'dbem-lane': 'db.event.retry.1.1' };
      expect(await publishes(ALPHA, `${ALPHA}.failed`, 'retry', { ...keys, headers })).toBeUndefined();
      await waitFor(async () => (await contentOf(`${ALPHA}.queue`)).length > 0);
      await purge(`${ALPHA}.queue`);
    });

    it('have the manager send its event further than the map says', async () => {
      const keys = { CC: [`${BETA}.queue`], BCC: [`${BETA}.queue`], userId: ALPHA };
      expect((await admin('DELETE', `/subscriptions/${ALPHA}/${BETA}`)).status).toBe(204);
      expect(await ask(ALPHA, event(ALPHA), keys)).toEqual({ status: 'ACCEPTED', services: [] });
      expect((await admin('PUT', `/subscriptions/${ALPHA}/${BETA}`, {})).status).toBe(201);
    });

    it('have the manager answer into another’s queue', async () => {
      expect(
        await publishes(
          ALPHA,
          'db.event.exchange',
          'db.event',
          { userId: ALPHA, replyTo: `${BETA}.queue` },
          event('x'),
        ),
      ).toBeUndefined();
      await waitFor(async () => (await contentOf('db.event.parked')).length > 0);
      await purge('db.event.parked');
    });

    it('say how another service is, or pass for an event manager', async () => {
      const statusOf = (service: string) =>
        encodeServiceStatus({
          service,
          instance: `said of ${service}`,
          software: '1',
          startedAtMs: Date.now(),
          isReady: true,
          reasons: [],
        });
      const say = (service: string) => publishes(ALPHA, 'db.event.status', '', { userId: ALPHA }, statusOf(service));
      expect(await say(BETA)).toBeUndefined();
      expect(await say(ALPHA)).toBeUndefined();
      const told = async () => JSON.stringify((await admin('GET', '/topology')).body);
      await waitFor(async () => (await told()).includes(`said of ${ALPHA}`));
      expect(await told()).not.toContain(`said of ${BETA}`);
      expect(await publishes(ALPHA, 'db.event.managers', '')).toEqual(REFUSED);
    });

    it('claim to be another broker user', async () => {
      expect(await publishes(ALPHA, 'db.event.exchange', 'db.event', { userId: BETA })).toContain(
        'PRECONDITION_FAILED',
      );
    });

    it.each([
      ['publish as another', () => event(BETA), 'PUBLISHER_FORGED'],
      ['publish as an old service', () => event(OLD), 'PUBLISHER_FORGED'],
      [
        'subscribe another',
        () => encodeSubscriptionRequest({ action: 'SUBSCRIBE', publisher: 'x', subscriber: BETA, declareQueue: true }),
        'SUBSCRIBER_FORGED',
      ],
      [
        'unsubscribe another',
        () =>
          encodeSubscriptionRequest({ action: 'UNSUBSCRIBE', publisher: ALPHA, subscriber: BETA, declareQueue: true }),
        'SUBSCRIBER_FORGED',
      ],
    ])('%s: it is parked, counted and reported', async (_what, body, code) => {
      const before = ((await admin('GET', '/identity')).body as { forged: number }).forged;
      expect(await ask(ALPHA, body(), { userId: ALPHA, headers: { 'x-dbem-user-id': BETA } })).toMatchObject({
        status: 'REJECTED',
        code,
        retryable: false,
      });
      const parked = await contentOf('db.event.parked');
      expect(parked.map(({ headers }) => [headers['x-dbem-reason-code'], headers['x-dbem-user-id']])).toEqual([
        [code, ALPHA],
      ]);
      const { body: identity } = await admin('GET', '/identity');
      expect(identity).toMatchObject({ isEnforced: true, forged: before + 1 });
      expect((identity as { forgeries: unknown[] }).forgeries.at(-1)).toMatchObject({ code, userId: ALPHA });
      const { body: subscriptions } = await admin('GET', `/subscriptions?subscriber=${BETA}`);
      expect(subscriptions.items).toHaveLength(2);
      await purge('db.event.parked');
    });

    it('speak without naming its user, unless it is listed as old', async () => {
      expect(await ask(ALPHA, event(ALPHA))).toMatchObject({ status: 'REJECTED', code: 'PUBLISHER_FORGED' });
      expect(await ask(OLD, event(OLD))).toEqual({ status: 'ACCEPTED', services: [BETA] });
      await purge('db.event.parked', `${BETA}.queue`);
    });
  });

  it('takes from an old service’s queue the binding through which others could reach it', async () => {
    expect(
      await refusalOf(OLD, async (channel) => {
        await channel.assertExchange('db.event.exchange', 'topic', { durable: true });
        await channel.assertQueue(`${OLD}.queue`, { durable: true });
        await channel.bindQueue(`${OLD}.queue`, 'db.event.exchange', `#.${OLD}.#`);
      }),
    ).toBeUndefined();
    const subscription = { action: 'SUBSCRIBE', publisher: ALPHA, subscriber: OLD, declareQueue: false } as const;
    expect(await ask(OLD, encodeSubscriptionRequest(subscription))).toMatchObject({ status: 'ACCEPTED' });
    expect(await publishes(ALPHA, 'db.event.exchange', 'db.event', { userId: ALPHA, CC: [OLD] })).toBeUndefined();
    await waitFor(async () => (await contentOf(`${OLD}.queue`)).length > 0);
    // Once through the manager, and not a second time past it.
    expect(await contentOf(`${OLD}.queue`)).toHaveLength(1);
    await purge(`${BETA}.queue`, `${OLD}.queue`);
  });

  it('makes, renews and removes a broker user through the admin API', async () => {
    const name = `gamma-${suffix}`;
    const path = `/services/${name}/broker-user`;
    const first = await admin('PUT', path, {});
    expect(first.status).toBe(201);
    expect(await admin('PUT', path, {})).toMatchObject({ status: 200, body: { name } });
    urls[name] = urlOf(name, String(first.body.password));
    expect(await refusalOf(name, (channel) => channel.get(`${BETA}.queue`))).toEqual(REFUSED);
    const second = await admin('PUT', path, { rotate: true });
    expect(second.body.password).not.toBe(first.body.password);
    await expect(connect(urls[name] as string)).rejects.toThrow(/ACCESS.REFUSED/);
    expect((await admin('DELETE', path)).status).toBe(204);
    expect((await admin('PUT', '/services/db.event/broker-user', {})).body).toMatchObject({
      code: 'SERVICE_NAME_INVALID',
    });
  });
});

describe('our own services with broker users of their own', () => {
  let vhost: FreshVhost;
  let root: FreshZooKeeperRoot;
  let management: BrokerManagement;
  const databases: FreshDatabase[] = [];
  const apps: AppProcess[] = [];
  const users = ['user.profile', 'sharing', 'event-manager'];

  beforeAll(async () => {
    [vhost, root] = await Promise.all([freshVhost(), freshZooKeeperRoot()]);
    management = new BrokerManagement({ url: inject('managementUrl'), vhost: vhost.vhost });
  });

  afterAll(async () => {
    await Promise.all(apps.map((app) => app.stop()));
    for (const name of users) await management.deleteUser(name);
    await Promise.all([vhost.drop(), root.drop(), ...databases.map((database) => database.drop())]);
  });

  async function start(app: 'event-manager' | 'profile' | 'sharing', user: string): Promise<AppProcess> {
    const rights = app === 'event-manager' ? MANAGER_RIGHTS : rightsOfService(user);
    const { password = '' } = await provisionUser(management, user, rights, { rotate: true });
    const url = new URL(vhost.amqpUrl);
    url.username = user;
    url.password = password;
    const env: Record<string, string> = { AMQP_URL: url.toString(), LOG_LEVEL: 'debug' };
    if (app === 'event-manager') {
      Object.assign(env, { ZOOKEEPER_CONNECT: root.connectString, IDENTITY: 'enforced', ADMIN_TOKEN: TOKEN });
    } else {
      const database = await freshDatabase();
      databases.push(database);
      env['DATABASE_URL'] = database.url;
    }
    const process = await AppProcess.start({ app, env, logFolder });
    apps.push(process);
    return process;
  }

  it('do all their work with the least rights', async () => {
    const [manager, profile, sharing] = await Promise.all([
      start('event-manager', 'event-manager'),
      start('profile', 'user.profile'),
      start('sharing', 'sharing'),
    ]);
    await Promise.all(apps.map((app) => app.waitUntilReady()));
    const gateway = { gatewayId: 'seagrid', gatewayName: 'SEAGrid' };
    const { status, body } = await request('POST', `${profile.url}/tenants`, { body: gateway });
    expect(status, JSON.stringify(body)).toBe(201);
    await waitFor(async () => (await request('GET', `${sharing.url}/domains/seagrid`)).status === 200, {
      timeoutMs: 60_000,
    });
    await waitFor(async () => {
      const { body } = await request<{ services: { name: string; health: string }[] }>(
        'GET',
        `${manager.url}/admin/v1/topology`,
        { token: TOKEN },
      );
      return body.services.filter(({ health }) => health === 'ready').length === 2;
    });
    for (const app of apps) expect(app.log).not.toContain('ACCESS_REFUSED');
  });
});
