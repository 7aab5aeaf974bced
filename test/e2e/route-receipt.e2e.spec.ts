import { type ChannelModel, connect } from 'amqplib';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { RouteReceipt } from '../../apps/event-manager/src/subscriptions/route-receipt';
import { type RunningApps, startApps } from '../support/apps/running-apps';
import { request } from '../support/http/http';
import { waitFor } from '../support/waiting/wait-for';

const ADMIN_TOKEN = 'the-token-of-this-test';
const QUEUE = 'billing.queue';

describe('A route receipt', () => {
  let apps: RunningApps;
  let connection: ChannelModel;

  beforeAll(async () => {
    apps = await startApps([], { AMQP_MANAGEMENT_URL: inject('managementUrl'), ADMIN_TOKEN });
    connection = await connect(apps.vhost.amqpUrl);
    await waitFor(async () => (await admin('PUT', '', {})).status < 300);
  });

  afterAll(async () => {
    await connection?.close();
    await apps?.stop();
  });

  const admin = <Body>(method: string, path: string, body?: unknown) =>
    request<Body>(method, `${apps.app('event-manager').url}/admin/v1/subscriptions/user.profile/billing${path}`, {
      token: ADMIN_TOKEN,
      ...(body !== undefined && { body }),
    });
  const receipt = async () => (await admin<RouteReceipt>('GET', '/receipt')).body;
  const found = async () => (await receipt()).findings.map(({ code, state }) => `${state} ${code}`).sort();

  it('A route receipt contains the kind of the queue and its bindings', async () => {
    const { goesTo, queue } = await receipt();
    expect(goesTo).toBe(QUEUE);
    expect(queue).toMatchObject({
      kind: 'quorum',
      bindings: expect.arrayContaining([{ exchange: 'billing.failed', routingKey: 'alone' }]),
    });
    expect(await found()).toEqual(['warning NO_CONSUMERS']);
  });

  it('A missing binding is declared again by a route receipt, and reported once', async () => {
    const channel = await connection.createChannel();
    await channel.unbindQueue(QUEUE, 'billing.failed', 'alone');
    await channel.close();
    expect(await found()).toEqual(['healed BINDING_MISSING', 'warning NO_CONSUMERS']);
    expect((await receipt()).queue.bindings).toContainEqual({ exchange: 'billing.failed', routingKey: 'alone' });
    expect(await found()).toEqual(['warning NO_CONSUMERS']);
  });

  it('A missing queue is declared again by a route receipt, and reported once', async () => {
    const channel = await connection.createChannel();
    await channel.deleteQueue(QUEUE);
    await channel.close();
    expect(await found()).toEqual(['healed QUEUE_MISSING', 'warning NO_CONSUMERS']);
    expect((await receipt()).queue.kind).toBe('quorum');
    expect(await found()).toEqual(['warning NO_CONSUMERS']);
  });

  it('A foreign binding, which delivers events without a subscription, is a warning in a route receipt, and a legacy binding a note', async () => {
    const channel = await connection.createChannel();
    await channel.bindQueue(QUEUE, 'db.event.exchange', '#');
    await channel.bindQueue(QUEUE, 'db.event.exchange', '#.billing.#');
    expect(await found()).toEqual(['note LEGACY_BINDING', 'warning FOREIGN_BINDING', 'warning NO_CONSUMERS']);
    await channel.unbindQueue(QUEUE, 'db.event.exchange', '#');
    await channel.unbindQueue(QUEUE, 'db.event.exchange', '#.billing.#');
    await channel.close();
    expect(await found()).toEqual(['warning NO_CONSUMERS']);
  });

  it('A classic queue, as a legacy service declares it, is a note in a route receipt', async () => {
    const channel = await connection.createChannel();
    await channel.deleteQueue(QUEUE);
    await channel.assertQueue(QUEUE, { durable: true });
    await channel.close();
    expect(await found()).toEqual(expect.arrayContaining(['note CLASSIC_QUEUE']));
  });
});
