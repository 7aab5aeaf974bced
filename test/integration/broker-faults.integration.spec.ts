import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pause, SILENT_LOG } from '@dbem/runtime';
import { type Consumption, RabbitMqBroker, type RabbitMqBrokerOptions } from '@dbem/transport';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PrivateRabbitMq } from '../../tools/servers/private-rabbitmq';
import { logFolder } from '../support/apps/log-folder';
import { silenceQueue } from '../support/broker/silence-queue';
import { TcpProxy } from '../support/network/tcp-proxy';
import { isAccepted } from '../support/waiting/is-accepted';
import { waitFor } from '../support/waiting/wait-for';

/** These faults affect a whole server, so the tests start their own. */
describe('a RabbitMqBroker whose server has a fault', () => {
  let folder: string;
  let server: PrivateRabbitMq;
  let proxy: TcpProxy;
  let broker: RabbitMqBroker;
  let received: Set<string>;
  /** The reasons why consumers lost their channels. */
  let reasons: unknown[];

  beforeAll(async () => {
    mkdirSync(logFolder, { recursive: true });
    folder = mkdtempSync(join(logFolder, 'broker-faults-'));
    server = await PrivateRabbitMq.start(folder, {
      configuration: ['consumer_timeout = 5000'],
      // A late acknowledgement is noticed at a channel's next tick.
      settings: { channel_tick_interval: 500 },
    });
  }, 240_000);

  afterAll(async () => {
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  beforeEach(async () => {
    proxy = await TcpProxy.start({ host: '127.0.0.1', port: server.port });
    received = new Set();
    reasons = [];
  });

  afterEach(async () => {
    await broker.topology.deleteQueue('q');
    await broker.stop();
    await proxy.stop();
  });

  async function start(options: Partial<RabbitMqBrokerOptions> = {}): Promise<void> {
    broker = new RabbitMqBroker({
      url: `amqp://guest:guest@127.0.0.1:${proxy.port}`,
      log: { ...SILENT_LOG, debug: (details) => 'reason' in details && reasons.push(details.reason) },
      ...options,
    });
    await broker.start();
    await waitFor(() => broker.health().isConnected);
    await broker.topology.declareQueue({ name: 'q', kind: 'quorum' });
  }

  const publish = (text: string, { exchange = '', queue = 'q' } = {}) =>
    broker.publish({ exchange, routingKey: queue, body: Buffer.from(text) });
  const untilConfirmed = (text: string) =>
    waitFor(() => isAccepted(publish(text)), { what: `${text} to be confirmed` });
  const hasAlarm = async () => {
    const url = `http://127.0.0.1:${server.managementPort}/api/health/checks/local-alarms`;
    const { status } = await fetch(url, { headers: { authorization: `Basic ${btoa('guest:guest')}` } });
    return status === 503;
  };

  async function consuming(queue = 'q'): Promise<Consumption> {
    const consumption = broker.consume(queue, async (batch) => {
      for (const { body } of batch) received.add(body.toString());
    });
    await waitFor(() => consumption.isRegistered);
    return consumption;
  }

  it('RabbitMqBroker reports a memory alarm, rejects publishes that are not confirmed during it, and publishes again after it', async () => {
    await start({ confirmTimeoutMs: 1_500 });
    await consuming();
    await server.control('set_vm_memory_high_watermark', '0.0000001');
    try {
      await waitFor(hasAlarm);
      // The broker reports the alarm only to a client that publishes; this publish gets no confirm.
      await expect(publish('blocked')).rejects.toMatchObject({ code: 'BROKER_UNAVAILABLE', retryable: true });
      await waitFor(() => broker.health().blockedReason !== undefined);
      expect(broker.health().isConnected).toBe(false);
      await expect(publish('refused')).rejects.toMatchObject({ code: 'BROKER_UNAVAILABLE' });
    } finally {
      await server.control('set_vm_memory_high_watermark', '0.4');
    }
    await waitFor(async () => !(await hasAlarm()));
    await waitFor(() => broker.health().isConnected);
    await untilConfirmed('after');
    await waitFor(() => received.has('after'));
  }, 240_000);

  it('RabbitMqBroker confirms publishes to other queues while one confirms nothing, and to that one when it does again', async () => {
    await start({ confirmTimeoutMs: 2_000 });
    await broker.topology.declareQueue({ name: 'other', kind: 'quorum' });
    await publish('before');
    const endSilence = await silenceQueue(server, 'q');
    try {
      for (let round = 1; round <= 2; round += 1) {
        // More than RabbitMQ takes for one queue before it stops the connection.
        const silent = Array.from({ length: 100 }, (_, index) => publish(`silent ${index}`));
        const outcomes = Promise.allSettled(silent);
        let isOverdue = false;
        void outcomes.then(() => {
          isOverdue = true;
        });
        while (!isOverdue) await publish('well', { queue: 'other' });
        const codes = (await outcomes).map((outcome) => (outcome as PromiseRejectedResult).reason?.code);
        expect(codes).toEqual(Array(100).fill('CONFIRM_OVERDUE'));
      }
    } finally {
      await endSilence();
    }
    await publish('after');
    expect(broker.health()).toMatchObject({ isConnected: true, reconnects: 0 });
    await broker.topology.deleteQueue('other');
  });

  it('RabbitMqBroker publishes to a queue again after its limit was removed, under which it rejected messages', async () => {
    await start();
    const refuses = () =>
      publish('x').then(
        () => false,
        (error: { code: string }) => error.code === 'MESSAGE_REJECTED',
      );
    await server.control('set_policy', 'full', '^q$', '{"max-length":0,"overflow":"reject-publish"}');
    try {
      await waitFor(refuses, { what: 'the queue to refuse' });
      // From here on the channel rejects everything by itself.
      expect(await refuses()).toBe(true);
    } finally {
      await server.control('clear_policy', 'full');
    }
    await untilConfirmed('after');
    await publish('on the shared channel again');
  });

  it('RabbitMqBroker waits for a confirm as long as the broker answers nothing at all, and then receives it', async () => {
    await start({ confirmTimeoutMs: 1_000, heartbeatS: 60 });
    server.pause();
    let state = 'waiting';
    const confirmed = publish('waiting').then(() => {
      state = 'confirmed';
    });
    try {
      // Three times the timeout.
      await pause(3_000);
      expect(state).toBe('waiting');
    } finally {
      server.resume();
    }
    await confirmed;
  });

  it('RabbitMqBroker sends replies on after RabbitMQ closed the connection because of an invalid address', async () => {
    await start();
    await consuming();
    broker.reply({ exchange: '', routingKey: 'q', body: Buffer.from('first') });
    await waitFor(() => received.has('first'));
    broker.reply({ exchange: '', routingKey: 'amq.rabbitmq.reply-to.AAAA.x', body: Buffer.from('forged') });
    for (let number = 1; !received.has(`reply ${number - 1}`); number += 1) {
      broker.reply({ exchange: '', routingKey: 'q', body: Buffer.from(`reply ${number}`) });
      await pause(100);
    }
    expect(broker.health()).toMatchObject({ isConnected: true, reconnects: 0 });
  });

  it('RabbitMqBroker receives a delivery again after the server closed the channel because of a late acknowledgement', async () => {
    await start();
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const deliveries: { redelivered: boolean; registration: number | undefined }[] = [];
    const consumption = broker.consume('q', async (batch) => {
      for (const { redelivered } of batch) deliveries.push({ redelivered, registration: consumption.registration });
      if (deliveries.length === 1) await released;
    });
    try {
      await waitFor(() => consumption.isRegistered);
      await publish('slow');
      await waitFor(() => reasons.some((reason) => String(reason).includes('delivery acknowledgement')), {
        what: 'the broker to close the channel',
      });
      await waitFor(() => deliveries.length === 2, { what: 'the delivery to come again' });
      expect(deliveries).toEqual([
        { redelivered: false, registration: 1 },
        { redelivered: true, registration: 2 },
      ]);
    } finally {
      release();
    }
    await publish('next');
    await waitFor(() => deliveries.length === 3);
    expect(broker.health()).toMatchObject({ isConnected: true, reconnects: 0 });
  }, 240_000);

  it('RabbitMqBroker keeps its connection and consumers when the server closes only its publishing channel (404)', async () => {
    await start();
    const consumption = await consuming();
    await expect(publish('lost', { exchange: 'no.such.exchange' })).rejects.toMatchObject({ retryable: true });
    expect(broker.health().isConnected).toBe(false);
    expect(consumption.registration).toBe(1);
    await untilConfirmed('next');
    await waitFor(() => received.has('next'));
    expect(consumption.registration).toBe(1);
    expect(broker.health().reconnects).toBe(0);
  });

  it('RabbitMqBroker inspects queues and publishes after the server refused a declaration (406)', async () => {
    await start();
    await broker.topology.declareExchange({ name: 'x', type: 'topic' });
    await expect(broker.topology.declareExchange({ name: 'x', type: 'fanout' })).rejects.toMatchObject({
      code: 'BROKER_UNAVAILABLE',
    });
    expect(await broker.topology.inspectQueue('q')).toMatchObject({ messages: 0 });
    await publish('next');
  });

  it('RabbitMqBroker reports a consumer as unregistered while its queue is missing, and registers it when the queue exists again', async () => {
    await start();
    const consumption = await consuming();
    await broker.topology.deleteQueue('q');
    await waitFor(() => !consumption.isRegistered);
    expect(await broker.topology.inspectQueue('q')).toBeUndefined();
    await broker.topology.declareQueue({ name: 'q', kind: 'quorum' });
    await waitFor(() => consumption.isRegistered);
    await publish('next');
    await waitFor(() => received.has('next'));
  });

  it('RabbitMqBroker closes an open connection that receives nothing, and reconnects', async () => {
    await start({ heartbeatS: 1 });
    const consumption = await consuming();
    proxy.silence();
    await waitFor(() => proxy.swallowedBytes > 0);
    await waitFor(() => !consumption.isRegistered && !broker.health().isConnected);
    proxy.restore();
    await waitFor(() => consumption.isRegistered && broker.health().isConnected);
    await untilConfirmed('next');
    await waitFor(() => received.has('next'));
  });

  it('RabbitMqBroker loses no confirmed publish when the server is killed, and registers its consumer after the restart', async () => {
    await start();
    const consumption = await consuming();
    await broker.topology.declareQueue({ name: 'kept', kind: 'quorum' });
    await server.persistQueues();
    const confirmed = Array.from({ length: 200 }, (_, index) => `confirmed ${index}`);
    await Promise.all(confirmed.map((text) => publish(text, { queue: 'kept' })));
    // The server receives the next messages, but its confirms do not arrive.
    proxy.alterAnswers(() => Buffer.alloc(0));
    const inFlight = Promise.allSettled(Array.from({ length: 200 }, (_, index) => publish(`in flight ${index}`)));
    await server.kill();
    expect((await inFlight).map(({ status }) => status)).toEqual(Array(200).fill('rejected'));
    await expect(hasAlarm()).rejects.toThrow('fetch failed');
    await waitFor(() => !consumption.isRegistered && !broker.health().isConnected);

    proxy.restore();
    await server.restart();
    await waitFor(() => consumption.isRegistered && broker.health().isConnected);
    await untilConfirmed('after');
    await consuming('kept');
    await waitFor(() => [...confirmed, 'after'].every((text) => received.has(text)));
    await broker.topology.deleteQueue('kept');
  }, 240_000);
});
