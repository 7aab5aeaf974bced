import { encodeSubscriptionRequest } from '@dbem/entity-codec';
import { connect } from 'amqplib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningApps, request, scrape, startApps, waitFor, waitUntilHistoryIsThere } from '../support';

const TOKEN = 'the-scrapers-own-token';
const ADMIN_TOKEN = 'the-admins-own-token';
const USERS = 200;

describe('what the apps tell of themselves', () => {
  let apps: RunningApps;

  beforeAll(async () => {
    apps = await startApps(['profile', 'sharing'], {
      METRICS_TOKEN: TOKEN,
      ADMIN_TOKEN,
      HEARTBEAT_INTERVAL_MS: '300',
    });
    await waitUntilHistoryIsThere(apps.app('event-manager').url, ADMIN_TOKEN);
  });

  afterAll(async () => {
    await apps?.stop();
  });

  const metricsOf = (app: 'event-manager' | 'profile' | 'sharing') => scrape(apps.app(app).url, TOKEN);
  const createUser = (userId: string) =>
    request('POST', `${apps.app('profile').url}/users`, {
      body: { userId, gatewayId: 'seagrid', firstName: 'A', lastName: 'B', emails: ['a@example.org'] },
    });
  const replicated = async () =>
    Number((await apps.database('sharing').pool.query('SELECT count(*) FROM sharing_user')).rows[0].count);

  it('shows metrics to the metrics token only, which opens nothing else', async () => {
    const { url } = apps.app('event-manager');
    expect((await request('GET', `${url}/metrics`)).status).toBe(401);
    expect((await request('GET', `${url}/metrics`, { token: ADMIN_TOKEN })).status).toBe(401);
    expect((await request('GET', `${url}/admin/v1/members`, { token: TOKEN })).status).toBe(401);
    expect((await request('GET', `${apps.app('profile').url}/metrics`)).status).toBe(401);
    expect((await metricsOf('event-manager')).get('dbem_map_members')).toBe(1);
  });

  it('knows the lag while nobody writes, by heartbeats that move no replica', async () => {
    const series = '{publisher="user.profile",subscriber="sharing"}';
    const first = await waitFor(async () =>
      (await metricsOf('sharing')).get(`dbem_replication_last_heard_timestamp_seconds${series}`),
    );
    await waitFor(async () => {
      const metrics = await metricsOf('sharing');
      return (metrics.get(`dbem_replication_last_heard_timestamp_seconds${series}`) ?? 0) > first;
    });
    const metrics = await metricsOf('sharing');
    expect(metrics.get(`dbem_replication_last_lag_seconds${series}`)).toBeLessThan(60);
    expect(metrics.get(`dbem_replica_version${series}`)).toBeGreaterThan(0);
    const { rows } = await apps.database('sharing').pool.query('SELECT 1 FROM db_event.replica_version');
    expect(rows).toEqual([]);
    expect((await metricsOf('event-manager')).has('dbem_queue_messages{queue="sharing.parked",kind="parked"}')).toBe(
      true,
    );
    expect((await metricsOf('event-manager')).get('dbem_queue_messages{queue="sharing.parked",kind="parked"}')).toBe(0);
  });

  it('sends no heartbeat to a service that has not asked for them', async () => {
    const connection = await connect(apps.vhost.amqpUrl);
    const channel = await connection.createChannel();
    await channel.assertQueue('old.receiver.queue', { durable: true });
    channel.publish(
      'db.event.exchange',
      'db.event',
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
    await connection.close();
  });

  it('counts events on every leg of their way, and writes no log line for each of them', async () => {
    const linesBefore = lines();
    for (let number = 0; number < USERS; number += 1) expect((await createUser(`user${number}`)).status).toBe(201);
    await waitFor(async () => (await replicated()) === USERS, { timeoutMs: 60_000 });
    const [profile, manager, sharing] = await Promise.all([
      metricsOf('profile'),
      metricsOf('event-manager'),
      metricsOf('sharing'),
    ]);
    const of = 'publisher="user.profile"';
    const at = `${of},subscriber="sharing"`;
    expect(profile.get(`dbem_relay_published_total{${of},entity_type="USER_PROFILE"}`)).toBe(USERS);
    expect(profile.get(`dbem_relay_commit_to_claim_seconds_count{${of}}`)).toBe(USERS);
    expect(profile.get(`dbem_relay_claim_to_confirm_seconds_count{${of}}`)).toBe(USERS);
    expect(manager.get(`dbem_intake_received_total{${of},entity_type="USER_PROFILE"}`)).toBe(USERS);
    expect(manager.get(`dbem_intake_forwarded_total{${at},entity_type="USER_PROFILE"}`)).toBe(USERS);
    expect(manager.get(`dbem_intake_to_forward_seconds_count{${of}}`)).toBe(USERS);
    expect(sharing.get(`dbem_applier_applied_total{${at},entity_type="USER_PROFILE"}`)).toBe(USERS);
    expect(sharing.get(`dbem_replication_lag_seconds_count{${at},entity_type="USER_PROFILE"}`)).toBe(USERS);
    expect(sharing.get(`dbem_applier_forward_to_apply_seconds_count{${at}}`)).toBe(USERS);
    await waitFor(async () => (await metricsOf('profile')).get(`dbem_outbox_depth{${of}}`) === 0);
    const [published, applied] = [
      profile.get(`dbem_publisher_version{${of}}`) ?? 0,
      sharing.get(`dbem_replica_version{${at}}`) ?? 0,
    ];
    expect(applied).toBeGreaterThanOrEqual(USERS);
    expect(published).toBeGreaterThanOrEqual(USERS);
    expect(lines() - linesBefore).toBeLessThan(USERS / 10);
  });

  it('folds publishers that nobody subscribed to into one label', async () => {
    const connection = await connect(apps.vhost.amqpUrl);
    const channel = await connection.createConfirmChannel();
    for (const body of ['nonsense', 'more of it']) channel.publish('db.event.exchange', 'db.event', Buffer.from(body));
    await channel.waitForConfirms();
    const parked = 'dbem_intake_parked_total{publisher="other",code="MESSAGE_MALFORMED"}';
    await waitFor(async () => (await metricsOf('event-manager')).get(parked) === 2);
    await waitFor(() => apps.app('event-manager').log.includes('parked a message'));
    const [line = ''] = apps
      .app('event-manager')
      .log.split('\n')
      .filter((text) => text.includes('parked a message'));
    expect(JSON.parse(line)).toMatchObject({ level: 40, eventId: expect.any(String) });
    await connection.close();
  });

  function lines(): number {
    const all = (['event-manager', 'profile', 'sharing'] as const).map((app) => apps.app(app).log.split('\n').length);
    return all.reduce((sum, count) => sum + count, 0);
  }
});
