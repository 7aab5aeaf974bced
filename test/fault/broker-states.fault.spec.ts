import { EVENT_EXCHANGE, MANAGER_QUEUE, MANAGER_ROUTING_KEY, serviceQueueOf } from '@dbem/transport';
import { type Channel, type ChannelModel, connect } from 'amqplib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  expectAlarm,
  expectNoAlarm,
  expectNoQueue,
  expectQueue,
  queuesBoundTo,
} from '../support/faults/expectations/broker';
import { promisesHold, replicaEqualsSource } from '../support/faults/expectations/history';
import { expectForwarding, expectSilenced } from '../support/faults/expectations/links';
import { expectPaused } from '../support/faults/expectations/processes';
import { allReady, expectDown, readinessOf } from '../support/faults/expectations/readiness';
import { FaultSystem } from '../support/faults/system/fault-system';
import { Workload, work } from '../support/faults/workload/workload';
import { waitFor } from '../support/waiting/wait-for';

const USERS = 20;
const SHARING_QUEUE = serviceQueueOf('sharing');

/** Each way in which a running RabbitMQ can be unusable, and what /health/ready reports meanwhile. */
describe('a RabbitMQ that runs but is unusable', () => {
  let system: FaultSystem<'RabbitMQ'>;
  let operator: ChannelModel;
  let channel: Channel;

  beforeAll(async () => {
    system = await FaultSystem.prepare({ owns: ['RabbitMQ'], asProcesses: ['event-manager'] });
    // RabbitMQ checks for late acknowledgements at each channel tick, which is a minute by default. The heartbeat
    // setting applies to connections that are opened from now on.
    await system
      .server('RabbitMQ')
      .control(
        'eval',
        '[application:set_env(rabbit, K, V) || {K, V} <- [{channel_tick_interval, 500}, {heartbeat, 4}]].',
      );
    await system.startApps();
    operator = await connect(system.amqpUrl);
    channel = await operator.createChannel();
  });

  afterAll(async () => {
    await operator?.close();
    await system?.stop();
  });

  afterEach(async () => {
    await promisesHold(system);
  });

  const unsent = async () => (await system.database('profile').query('SELECT FROM db_event.outbox')).rowCount ?? 0;

  it('A publisher that is blocked by a memory alarm is not ready while its changes wait, and recovers by itself', async () => {
    const workload = await Workload.start(system, 'alarm');
    await system.server('RabbitMQ').control('set_vm_memory_high_watermark', '0.0000001');
    try {
      await expectAlarm(system);
      workload.more();
      await expectDown(system.app('profile'), 'broker');
      await workload.done();
      expect(await unsent()).toBeGreaterThan(0);
    } finally {
      await system.server('RabbitMQ').control('set_vm_memory_high_watermark', '0.4');
    }
    await expectNoAlarm(system);
  });

  it.each(['event-manager', 'profile', 'sharing'] as const)(
    '%s whose heartbeats are lost on an open connection is not ready, and recovers by itself without a loss',
    async (app) => {
      const workload = await Workload.start(system, `heartbeats-${app}`);
      const link = system.link(app, 'RabbitMQ');
      link.silence();
      await expectSilenced(link);
      workload.more();
      await expectDown(system.app(app), 'broker');
      link.restore();
      await expectForwarding(link);
      await workload.done();
    },
  );

  it('A subscriber whose queue is deleted is not ready until a manager declares the queue again', async () => {
    await work(system, 'before-delete', USERS);
    await replicaEqualsSource(system);
    await withManagerPaused(async () => {
      await channel.deleteQueue(SHARING_QUEUE);
      await expectNoQueue(system, SHARING_QUEUE);
      await expectDown(system.app('sharing'), 'replication');
      // Only its queue is missing, not the broker.
      expect((await readinessOf(system.app('sharing'))).details['broker']?.status).toBe('up');
    });
    await expectQueue(system, SHARING_QUEUE);
    await allReady(system);
    await work(system, 'after-delete', USERS);
  });

  it('A change stays in the outbox while the managers’ queue is deleted, until a manager declares the queue again', async () => {
    // The queue must be empty, because its messages are deleted with it.
    await work(system, 'before-gone', USERS);
    await replicaEqualsSource(system);
    await waitFor(async () => (await unsent()) === 0, { what: 'the outbox to be empty' });
    const workload = await withManagerPaused(async () => {
      await channel.deleteQueue(MANAGER_QUEUE);
      await expectNoQueue(system, MANAGER_QUEUE);
      const begun = work(system, 'gone', USERS);
      await waitFor(async () => (await unsent()) > 0, { what: 'changes to wait in the outbox' });
      return { begun };
    });
    await expectQueue(system, MANAGER_QUEUE);
    await workload.begun;
  });

  it('A subscriber whose channel is closed for a late acknowledgement (406) consumes again, and applies redelivered events once', async () => {
    const rabbitMq = system.server('RabbitMQ');
    await rabbitMq.control('eval', 'application:set_env(rabbit, consumer_timeout, 2000).');
    // The timeout applies to channels that are opened from now on.
    const sharing = await system.restartApp('sharing', { LOG_LEVEL: 'debug' });
    await allReady(system);
    const holder = await system.database('sharing').connect();
    try {
      await holder.query('BEGIN; LOCK TABLE sharing_user');
      const working = work(system, 'late', USERS);
      await waitFor(() => /PRECONDITION.FAILED.*delivery acknowledgement/.test(sharing.log), {
        timeoutMs: 120_000,
        what: 'the broker to close the channel of sharing',
      });
      await holder.query('COMMIT');
      await working;
      await replicaEqualsSource(system);
    } finally {
      await holder.query('ROLLBACK');
      holder.release();
      await rabbitMq.control('eval', 'application:set_env(rabbit, consumer_timeout, 1800000).');
      await system.restartApp('sharing');
    }
  });

  it('A publisher whose exchange is deleted (404) loses no change when the exchange is declared again', async () => {
    const { queue } = await channel.assertQueue('', { exclusive: true });
    await channel.bindQueue(queue, EVENT_EXCHANGE, MANAGER_ROUTING_KEY);
    expect(await queuesBoundTo(system, EVENT_EXCHANGE)).toContain(queue);
    const workload = await Workload.start(system, 'exchange');
    await channel.deleteExchange(EVENT_EXCHANGE);
    // Bindings are deleted with their exchange; the managers declare theirs again.
    expect(await queuesBoundTo(system, EVENT_EXCHANGE)).not.toContain(queue);
    workload.more();
    await workload.done();
    await waitFor(async () => (await queuesBoundTo(system, EVENT_EXCHANGE)).includes(MANAGER_QUEUE));
  });

  async function withManagerPaused<Outcome>(act: () => Promise<Outcome>): Promise<Outcome> {
    const manager = system.process('event-manager');
    manager.pause();
    try {
      await expectPaused(manager);
      return await act();
    } finally {
      manager.resume();
    }
  }
});
