import { encodeSubscriptionRequest } from '@dbem/entity-codec';
import { EVENT_EXCHANGE, MANAGER_ROUTING_KEY } from '@dbem/transport';
import { type ChannelModel, connect } from 'amqplib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningApps, startApps } from '../support/apps/running-apps';
import { request } from '../support/http/http';
import { scrape } from '../support/observation/metrics';
import { waitFor } from '../support/waiting/wait-for';

const TOKEN = 'the-scrapers-own-token';
const ADMIN_TOKEN = 'the-admins-own-token';
const USERS = 200;

describe('Metrics and logs', () => {
  let apps: RunningApps;
  let connection: ChannelModel;

  beforeAll(async () => {
    apps = await startApps(['profile', 'sharing'], {
      METRICS_TOKEN: TOKEN,
      ADMIN_TOKEN,
      HEARTBEAT_INTERVAL_MS: '300',
    });
    connection = await connect(apps.vhost.amqpUrl);
  });

  afterAll(async () => {
    await connection?.close();
    await apps?.stop();
  });

  const metricsOf = (app: 'event-manager' | 'profile' | 'sharing') => scrape(apps.app(app).url, TOKEN);
  const createUser = (userId: string) =>
    request('POST', `${apps.app('profile').url}/users`, {
      body: { userId, gatewayId: 'seagrid', firstName: 'A', lastName: 'B', emails: ['a@example.org'] },
    });
  const replicated = async () =>
    Number((await apps.database('sharing').pool.query('SELECT count(*) FROM sharing_user')).rows[0].count);

  it('Metrics require the metrics token, which grants access to nothing else', async () => {
    const { url } = apps.app('event-manager');
    expect((await request('GET', `${url}/metrics`)).status).toBe(401);
    expect((await request('GET', `${url}/metrics`, { token: ADMIN_TOKEN })).status).toBe(401);
    expect((await request('GET', `${url}/admin/v1/members`, { token: TOKEN })).status).toBe(401);
    expect((await request('GET', `${apps.app('profile').url}/metrics`)).status).toBe(401);
    expect((await metricsOf('event-manager')).get('dbem_map_members')).toBe(1);
  });

  it('Heartbeats measure the lag while nothing is written, and change no replica', async () => {
    const series = '{publisher="user.profile",subscriber="sharing"}';
    const first = await waitFor(async () =>
      (await metricsOf('sharing')).get(`dbem_replication_last_received_timestamp_seconds${series}`),
    );
    await waitFor(async () => {
      const metrics = await metricsOf('sharing');
      return (metrics.get(`dbem_replication_last_received_timestamp_seconds${series}`) ?? 0) > first;
    });
    const metrics = await metricsOf('sharing');
    expect(metrics.get(`dbem_replication_last_lag_seconds${series}`)).toBeLessThan(60);
    expect(metrics.get(`dbem_replica_version${series}`)).toBeGreaterThan(0);
    const { rows } = await apps.database('sharing').pool.query('SELECT 1 FROM db_event.replica_version');
    expect(rows).toEqual([]);
    expect((await metricsOf('event-manager')).get('dbem_queue_messages{queue="sharing.parked",kind="parked"}')).toBe(0);
  });

  it('Heartbeats are not sent to a service that did not request them', async () => {
    const channel = await connection.createChannel();
    await channel.assertQueue('old.receiver.queue', { durable: true });
    channel.publish(
      EVENT_EXCHANGE,
      MANAGER_ROUTING_KEY,
      encodeSubscriptionRequest({
        action: 'SUBSCRIBE',
        publisher: 'user.profile',
        subscriber: 'old.receiver',
        declareQueue: false,
      }),
    );
    const subscriptions = `${apps.app('event-manager').url}/admin/v1/subscriptions?subscriber=old.receiver`;
    await waitFor(async () => {
      const { body } = await request<{ items: unknown[] }>('GET', subscriptions, { token: ADMIN_TOKEN });
      return body.items.length === 1;
    });
    const heartbeats = async () =>
      (await metricsOf('event-manager')).get('dbem_intake_heartbeats_total{publisher="user.profile"}') ?? 0;
    const before = await heartbeats();
    await waitFor(async () => (await heartbeats()) >= before + 3);
    expect((await channel.checkQueue('old.receiver.queue')).messageCount).toBe(0);
  });

  it('Metrics count each event at every step, and no event has a log line of its own', async () => {
    const linesBefore = lines();
    for (let number = 0; number < USERS; number += 1) expect((await createUser(`user${number}`)).status).toBe(201);
    await waitFor(async () => (await replicated()) === USERS, { timeoutMs: 60_000 });
    const of = 'publisher="user.profile"';
    const at = `${of},subscriber="sharing"`;
    const type = 'entity_type="USER_PROFILE"';
    // A confirm may be counted after the event has been applied.
    for (const [app, series] of [
      ['profile', `dbem_relay_published_total{${of},${type}}`],
      ['profile', `dbem_relay_commit_to_claim_seconds_count{${of}}`],
      ['profile', `dbem_relay_claim_to_confirm_seconds_count{${of}}`],
      ['event-manager', `dbem_intake_received_total{${of},${type}}`],
      ['event-manager', `dbem_intake_forwarded_total{${at},${type}}`],
      ['event-manager', `dbem_intake_to_forward_seconds_count{${of}}`],
      ['sharing', `dbem_applier_applied_total{${at},${type}}`],
      ['sharing', `dbem_replication_lag_seconds_count{${at},${type}}`],
      ['sharing', `dbem_applier_forward_to_apply_seconds_count{${at}}`],
    ] as const) {
      const counted = await waitFor(async () => {
        const count = (await metricsOf(app)).get(series) ?? 0;
        return count >= USERS && count;
      });
      expect(counted, series).toBe(USERS);
    }
    await waitFor(async () => (await metricsOf('profile')).get(`dbem_outbox_depth{${of}}`) === 0);
    expect((await metricsOf('profile')).get(`dbem_publisher_version{${of}}`)).toBeGreaterThanOrEqual(USERS);
    expect((await metricsOf('sharing')).get(`dbem_replica_version{${at}}`)).toBeGreaterThanOrEqual(USERS);
    expect(lines() - linesBefore).toBeLessThan(USERS / 10);
  });

  it('Metrics use one label for all publishers without subscriptions', async () => {
    const channel = await connection.createConfirmChannel();
    for (const text of ['nonsense', 'more of it']) {
      channel.publish(EVENT_EXCHANGE, MANAGER_ROUTING_KEY, Buffer.from(text));
    }
    await channel.waitForConfirms();
    const parked = 'dbem_intake_parked_total{publisher="other",code="MESSAGE_MALFORMED"}';
    await waitFor(async () => (await metricsOf('event-manager')).get(parked) === 2);
    await waitFor(() => apps.app('event-manager').log.includes('parked a message'));
    const [line = ''] = apps
      .app('event-manager')
      .log.split('\n')
      .filter((text) => text.includes('parked a message'));
    expect(JSON.parse(line)).toMatchObject({ level: 40, eventId: expect.any(String) });
  });

  function lines(): number {
    const all = (['event-manager', 'profile', 'sharing'] as const).map((app) => apps.app(app).log.split('\n').length);
    return all.reduce((sum, count) => sum + count, 0);
  }
});
