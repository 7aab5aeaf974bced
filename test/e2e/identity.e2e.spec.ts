import { encodeSubscriptionRequest } from '@dbem/entity-codec';
import { permissionsOfService } from '@dbem/transport';
import { connect } from 'amqplib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { InProcessApp } from '../support/apps/in-process-app';
import { BrokerUser } from '../support/broker/broker-user';
import { projectEvent } from '../support/events/project-event';
import { request } from '../support/http/http';
import { type EnforcedSystem, startEnforcedSystem } from '../support/identity/enforced-system';
import { type FreshDatabase, freshDatabase } from '../support/servers/fresh-database';
import { waitFor } from '../support/waiting/wait-for';

const REFUSED = expect.stringContaining('ACCESS_REFUSED');

describe('broker users of services', () => {
  let system: EnforcedSystem;
  let [ALPHA, BETA, LEGACY] = ['', '', ''];

  beforeAll(async () => {
    system = await startEnforcedSystem();
    ({ alpha: ALPHA, beta: BETA, legacy: LEGACY } = system.names);
  });

  afterAll(() => system?.stop());

  const contentOf = (queue: string) => system.administrator.contentOf(queue);

  describe('rights of a service', () => {
    afterEach(() => system.administrator.purge(`${ALPHA}.queue`, `${BETA}.queue`, `${ALPHA}.parked`));

    it('A service may publish as itself, and its event reaches its subscribers', async () => {
      const reply = await system.alpha.ask(projectEvent(ALPHA), { userId: ALPHA });
      expect(reply).toEqual({ status: 'ACCEPTED', services: [BETA] });
      await waitFor(async () => (await contentOf(`${BETA}.queue`)).length === 1);
    });

    it('A service may subscribe and unsubscribe itself', async () => {
      const subscription = { publisher: 'somebody', subscriber: ALPHA, declareQueue: true };
      for (const action of ['SUBSCRIBE', 'UNSUBSCRIBE'] as const) {
        const body = encodeSubscriptionRequest({ ...subscription, action });
        expect(await system.alpha.ask(body, { userId: ALPHA })).toEqual({ status: 'ACCEPTED', services: [ALPHA] });
      }
    });

    it('A service may consume its queue, and park and retry its own messages', async () => {
      const { alpha, beta } = system;
      expect(await beta.publishToManager(projectEvent(BETA), { userId: BETA })).toBeUndefined();
      await waitFor(async () => (await contentOf(`${ALPHA}.queue`)).length === 1);
      const get = alpha.refusalOf(async (channel) => {
        expect(await channel.get(`${ALPHA}.queue`, { noAck: true })).not.toBe(false);
      });
      expect(await get).toBeUndefined();
      const body = projectEvent(BETA);
      expect(await alpha.publish(`${ALPHA}.failed`, 'parked', body, { mandatory: true })).toBeUndefined();
      expect(await contentOf(`${ALPHA}.parked`)).toHaveLength(1);
      const retry = { mandatory: true, headers: { 'dbem-lane': 'db.event.retry.1.1' } };
      expect(await alpha.publish(`${ALPHA}.failed`, 'retry', body, retry)).toBeUndefined();
      await waitFor(async () => (await contentOf(`${ALPHA}.queue`)).length === 1);
    });

    it('A service may declare its queue for the event manager’s requests', async () => {
      const declare = system.alpha.refusalOf((channel) =>
        channel.assertQueue(`${ALPHA}.replica.requests`, { durable: true }),
      );
      expect(await declare).toBeUndefined();
    });
  });

  it('A legacy service’s queue loses the binding through which others could publish to it without the manager', async () => {
    const { alpha, legacy, administrator } = system;
    const declare = legacy.refusalOf(async (channel) => {
      await channel.assertExchange('db.event.exchange', 'topic', { durable: true });
      await channel.assertQueue(`${LEGACY}.queue`, { durable: true });
      await channel.bindQueue(`${LEGACY}.queue`, 'db.event.exchange', `#.${LEGACY}.#`);
    });
    expect(await declare).toBeUndefined();
    const subscription = { action: 'SUBSCRIBE', publisher: ALPHA, subscriber: LEGACY, declareQueue: false } as const;
    expect(await legacy.ask(encodeSubscriptionRequest(subscription))).toMatchObject({ status: 'ACCEPTED' });
    expect(await alpha.publishToManager(projectEvent(ALPHA), { userId: ALPHA, CC: [LEGACY] })).toBeUndefined();
    expect(await alpha.publishToManager(projectEvent(ALPHA, 'last'), { userId: ALPHA })).toBeUndefined();
    const last = projectEvent(ALPHA, 'last');
    const content = await waitFor(async () => {
      const found = await contentOf(`${LEGACY}.queue`);
      return found.some(({ body }) => last.equals(body)) && found;
    });
    // Once through the manager, and not a second time through the binding.
    expect(content).toHaveLength(2);
    await administrator.purge(`${BETA}.queue`, `${LEGACY}.queue`);
  });

  it('The admin API creates a broker user, rotates its password and deletes it', async () => {
    const name = `gamma-${ALPHA}`;
    const path = `/services/${name}/broker-user`;
    const first = await system.admin('PUT', path, {});
    expect(first.status).toBe(201);
    expect(await system.admin('PUT', path, {})).toMatchObject({ status: 200, body: { name } });
    const url = system.urlOf(name, String(first.body['password']));
    const gamma = await BrokerUser.connect(url);
    expect(await gamma.refusalOf((channel) => channel.get(`${BETA}.queue`))).toEqual(REFUSED);
    await gamma.close();
    const second = await system.admin('PUT', path, { rotate: true });
    expect(second.body['password']).toEqual(expect.any(String));
    expect(second.body['password']).not.toBe(first.body['password']);
    await expect(connect(url)).rejects.toThrow(/ACCESS.REFUSED/);
    expect((await system.admin('DELETE', path)).status).toBe(204);
    expect((await system.admin('PUT', '/services/db.event/broker-user', {})).body).toMatchObject({
      code: 'SERVICE_NAME_INVALID',
    });
  });

  describe('the example services', () => {
    const databases: FreshDatabase[] = [];
    const apps: InProcessApp[] = [];

    afterAll(async () => {
      await Promise.all(apps.map((app) => app.stop()));
      await Promise.all(databases.map((database) => database.drop()));
    });

    async function start(app: 'profile' | 'sharing', user: string): Promise<InProcessApp> {
      const database = await freshDatabase(app);
      databases.push(database);
      // Rotated, because another system on this broker may have created a user with this name before.
      const url = await system.provision(user, permissionsOfService(user), { rotate: true });
      const started = await InProcessApp.start(app, {
        AMQP_URL: url,
        DATABASE_URL: database.url,
        LOG_LEVEL: 'debug',
      });
      apps.push(started);
      return started;
    }

    it('The event manager, profile and sharing work with the minimum rights', async () => {
      const [profile, sharing] = await Promise.all([start('profile', 'user.profile'), start('sharing', 'sharing')]);
      await Promise.all(apps.map((app) => app.waitUntilReady()));
      const gateway = { gatewayId: 'seagrid', gatewayName: 'SEAGrid' };
      const { status, body } = await request('POST', `${profile.url}/tenants`, { body: gateway });
      expect(status, JSON.stringify(body)).toBe(201);
      await waitFor(async () => (await request('GET', `${sharing.url}/domains/seagrid`)).status === 200);
      await waitFor(async () => {
        const { services } = (await system.admin('GET', '/topology')).body as { services: { health: string }[] };
        return services.filter(({ health }) => health === 'ready').length === 2;
      });
      for (const app of [system.manager, ...apps]) expect(app.log).not.toContain('ACCESS_REFUSED');
    });
  });
});
