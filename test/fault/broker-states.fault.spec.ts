import { type Channel, type ChannelModel, connect } from 'amqplib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { AppName } from '../../tools/apps/app-process';
import { waitFor } from '../support';
import { FaultSystem } from '../support/faults/fault-system';
import { historyFaults, recordHistory, replicaEqualsSource } from '../support/faults/history';
import { allReady, readinessOf } from '../support/faults/readiness';
import { work } from '../support/faults/workload';

const USERS = 40;

/** Each way in which RabbitMQ can be of no use though it runs, and what /health/ready says of it meanwhile. */
describe('readiness while RabbitMQ is of no use', () => {
  let system: FaultSystem;
  let operator: ChannelModel;
  let hand: Channel;
  let cases = 0;

  beforeAll(async () => {
    system = await FaultSystem.start();
    // Late acknowledgements are looked for at each tick of a channel, which is a minute by default.
    await system.rabbitMq.control('eval', 'application:set_env(rabbit, channel_tick_interval, 500).');
    await recordHistory(system.database('sharing'));
    operator = await connect(system.amqpUrl);
    hand = await operator.createChannel();
  }, 240_000);

  afterAll(async () => {
    await operator?.close();
    await system?.stop();
  });

  afterEach(async () => {
    await allReady(system);
    await replicaEqualsSource(system);
    expect(await historyFaults(system.database('sharing'))).toEqual({ twice: [], backwards: [] });
  });

  const someWork = () => {
    cases += 1;
    return work(system, `state-${cases}`, USERS);
  };
  const says = (app: AppName, part: string) =>
    waitFor(
      async () => {
        const { status, text } = await readinessOf(system.app(app));
        return status === 503 && (JSON.parse(text) as { error: Record<string, unknown> }).error[part] !== undefined;
      },
      { what: `${app} to say that it lacks its ${part}`, timeoutMs: 90_000 },
    );

  it('publishers blocked by a memory alarm under load → who publishes is not ready; it heals by itself, nothing is lost', async () => {
    const working = someWork();
    await system.rabbitMq.control('set_vm_memory_high_watermark', '0.0000001');
    try {
      // The broker says so to who publishes, and the event manager has nobody to publish for.
      await says('profile', 'broker');
      await working;
    } finally {
      await system.rabbitMq.control('set_vm_memory_high_watermark', '0.4');
    }
  });

  it.each(['event-manager', 'profile', 'sharing'] as const)(
    'heartbeats of %s lost under load, TCP up → it is not ready; it heals by itself, nothing is lost',
    async (app) => {
      const working = someWork();
      system.link(app, 'RabbitMQ').silence();
      try {
        await says(app, 'broker');
      } finally {
        system.link(app, 'RabbitMQ').restore();
      }
      await working;
    },
  );

  it('consumer of sharing cancelled, its queue deleted, while the manager can’t declare it → it is not ready until it is attached', async () => {
    await replicaEqualsSource(system);
    system.app('event-manager').pause();
    try {
      await hand.deleteQueue('sharing.queue');
      await says('sharing', 'replication');
      // A subscriber that is not attached says so, though its broker is there.
      expect((await readinessOf(system.app('sharing'))).text).toContain('"broker":{"status":"up"');
    } finally {
      system.app('event-manager').resume();
    }
    await allReady(system);
    await someWork();
  });

  it('consumer of the manager cancelled, its queue deleted under load → declared and attached again, nothing is lost', async () => {
    const working = someWork();
    // What it holds at that moment is not confirmed to be elsewhere: so a moment in which it holds nothing.
    system.app('profile').pause();
    await replicaStands();
    await hand.deleteQueue('db.event.queue');
    system.app('profile').resume();
    await working;
  });

  it('channel of sharing closed for a late acknowledgement (406) → attached anew, what was delivered twice is applied once', async () => {
    await system.rabbitMq.control('eval', 'application:set_env(rabbit, consumer_timeout, 2000).');
    // It counts for channels that are opened from now on.
    await system.restartApp('sharing');
    await allReady(system);
    const consumer = await consumerOf('sharing.queue');
    const holder = await system.database('sharing').connect();
    try {
      await holder.query('BEGIN; LOCK TABLE sharing_user');
      const working = someWork();
      await waitFor(async () => (await consumerOf('sharing.queue')) !== consumer, { what: 'another consumer' });
      await holder.query('COMMIT');
      await working;
    } finally {
      await holder.query('ROLLBACK');
      holder.release();
      await system.rabbitMq.control('eval', 'application:set_env(rabbit, consumer_timeout, 1800000).');
      await system.restartApp('sharing');
    }
  });

  it('publishing channel of profile closed (404), its exchange deleted under load → nothing is lost once it is back', async () => {
    const working = someWork();
    await hand.deleteExchange('db.event.exchange');
    await working;
  });

  const consumerOf = async (queue: string) => {
    const consumers = await system.rabbitMq.control('list_consumers', '-p', system.vhost, 'queue_name', 'consumer_tag');
    return consumers.split('\n').find((line) => line.startsWith(queue));
  };

  /** Nothing is on its way any more. */
  async function replicaStands(): Promise<void> {
    const stand = async () =>
      JSON.stringify((await system.database('sharing').query('SELECT max(place), count(*) FROM history')).rows);
    let before = await stand();
    await waitFor(async () => {
      const waiting = await Promise.all(['db.event.queue', 'sharing.queue'].map((name) => hand.checkQueue(name)));
      const now = await stand();
      const isStill = waiting.every(({ messageCount }) => messageCount === 0) && now === before;
      before = now;
      return isStill;
    });
  }
});
