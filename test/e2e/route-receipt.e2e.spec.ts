import { connect } from 'amqplib';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { AppProcess } from '../../tools/apps/app-process';
import {
  type FreshVhost,
  type FreshZooKeeperRoot,
  freshVhost,
  freshZooKeeperRoot,
  logFolder,
  request,
  waitFor,
} from '../support';

const ADMIN_TOKEN = 'the-token-of-this-test';
const QUEUE = 'billing.queue';

interface Receipt {
  readonly goesTo: string;
  readonly queue: {
    readonly kind?: string;
    readonly bindings?: readonly { readonly exchange: string; readonly routingKey: string }[];
  };
  readonly findings: readonly { readonly code: string; readonly state: string }[];
}

describe('a route receipt, by RabbitMQ’s management API', () => {
  let vhost: FreshVhost;
  let root: FreshZooKeeperRoot;
  let manager: AppProcess;
  let connection: Awaited<ReturnType<typeof connect>>;

  beforeAll(async () => {
    [vhost, root] = await Promise.all([freshVhost(), freshZooKeeperRoot()]);
    manager = await AppProcess.start({
      app: 'event-manager',
      env: {
        AMQP_URL: vhost.amqpUrl,
        AMQP_MANAGEMENT_URL: inject('managementUrl'),
        ZOOKEEPER_CONNECT: root.connectString,
        ADMIN_TOKEN,
      },
      logFolder,
    });
    await manager.waitUntilReady();
    connection = await connect(vhost.amqpUrl);
    await waitFor(async () => (await admin('PUT', '', {})).status < 300);
  });

  afterAll(async () => {
    await connection?.close();
    await manager?.stop();
    await Promise.all([vhost.drop(), root.drop()]);
  });

  const admin = <Body>(method: string, path: string, body?: unknown) =>
    request<Body>(method, `${manager.url}/admin/v1/subscriptions/user.profile/billing${path}`, {
      token: ADMIN_TOKEN,
      ...(body !== undefined && { body }),
    });
  const receipt = async () => (await admin<Receipt>('GET', '/receipt')).body;
  const found = async () => (await receipt()).findings.map(({ code, state }) => `${state} ${code}`).sort();

  it('shows the queue’s kind and what is bound to it', async () => {
    const { goesTo, queue } = await receipt();
    expect(goesTo).toBe(QUEUE);
    expect(queue).toMatchObject({
      kind: 'quorum',
      bindings: [{ exchange: 'db.event.redelivery', routingKey: 'billing' }],
    });
    expect(await found()).toEqual(['warning NOBODY_CONSUMES']);
  });

  it('makes a binding again that is gone, and says so once', async () => {
    const channel = await connection.createChannel();
    await channel.unbindQueue(QUEUE, 'db.event.redelivery', 'billing');
    await channel.close();
    expect(await found()).toEqual(['healed BINDING_MISSING', 'warning NOBODY_CONSUMES']);
    expect((await receipt()).queue.bindings).toEqual([{ exchange: 'db.event.redelivery', routingKey: 'billing' }]);
    expect(await found()).toEqual(['warning NOBODY_CONSUMES']);
  });

  it('makes a queue again that is gone', async () => {
    const channel = await connection.createChannel();
    await channel.deleteQueue(QUEUE);
    await channel.close();
    expect(await found()).toEqual(['healed QUEUE_MISSING', 'warning NOBODY_CONSUMES']);
    expect((await receipt()).queue.kind).toBe('quorum');
  });

  it('warns of a binding by which the queue gets what it has not subscribed to, and tells an old one from it', async () => {
    const channel = await connection.createChannel();
    await channel.bindQueue(QUEUE, 'db.event.exchange', '#');
    await channel.bindQueue(QUEUE, 'db.event.exchange', '#.billing.#');
    expect(await found()).toEqual(['note OLD_BINDING', 'warning FOREIGN_BINDING', 'warning NOBODY_CONSUMES']);
    await channel.unbindQueue(QUEUE, 'db.event.exchange', '#');
    await channel.unbindQueue(QUEUE, 'db.event.exchange', '#.billing.#');
    await channel.close();
    expect(await found()).toEqual(['warning NOBODY_CONSUMES']);
  });

  it('notes a classic queue, as an old service declares it', async () => {
    const channel = await connection.createChannel();
    await channel.deleteQueue(QUEUE);
    await channel.assertQueue(QUEUE, { durable: true });
    await channel.close();
    expect(await found()).toEqual(expect.arrayContaining(['note CLASSIC_QUEUE']));
  });
});
