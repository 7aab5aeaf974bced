import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { request, scrape, waitFor, waitUntilHistoryIsThere } from '../support';
import { type RunningApps, startApps } from '../support/apps/running-apps';
import { TraceCollector } from '../support/observation/trace-collector';

const METRICS_TOKEN = 'the-scrapers-own-token';
const ADMIN_TOKEN = 'the-admins-own-token';
const PROTOCOLS = ['outbox', 'confirm-then-commit'] as const;

describe.each(PROTOCOLS)('with %s', (protocol) => {
  let collector: TraceCollector;
  let apps: RunningApps;
  const traceId = '0af7651916cd43dd8448eb211c80319c';

  beforeAll(async () => {
    collector = await TraceCollector.start();
    const environment = {
      METRICS_TOKEN,
      ADMIN_TOKEN,
      PUBLISH_PROTOCOL: protocol,
      HEARTBEAT_INTERVAL_MS: '0',
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_BSP_SCHEDULE_DELAY: '100',
    };
    // Each has a tracer of its own, which is the process's.
    const asProcesses = ['event-manager', 'profile', 'sharing'] as const;
    apps = await startApps(['profile', 'sharing'], environment, { asProcesses });
    await waitUntilHistoryIsThere(apps.app('event-manager').url, ADMIN_TOKEN);
    const { status } = await request('POST', `${apps.app('profile').url}/users`, {
      body: { userId: 'ada', gatewayId: 'seagrid', firstName: 'A', lastName: 'B', emails: ['a@example.org'] },
      headers: { traceparent: `00-${traceId}-b7ad6b7169203331-01` },
    });
    expect(status).toBe(201);
  }, 120_000);

  afterAll(async () => {
    await apps?.stop();
    await collector?.stop();
  });

  it('one trace is sent to the collector, of the request, the event manager and the subscriber', async () => {
    const spansOf = (service: string) =>
      collector.spans.filter((span) => span.traceId === traceId && span.service === service);
    const spanOf = (service: string, name: string) =>
      waitFor(() => spansOf(service).find((span) => span.name === name));
    const http = await spanOf('user.profile', 'POST /users');
    const forward = await spanOf('event-manager', 'forward');
    const apply = await spanOf('sharing', 'apply');
    expect(http.parentSpanId).toBe('b7ad6b7169203331');
    expect(apply.parentSpanId).toBe(forward.spanId);
    // The relay's own step is there only where there is a relay.
    const publish = spansOf('user.profile').find(({ name }) => name === 'publish');
    expect(forward.parentSpanId).toBe(publish?.spanId ?? http.spanId);
    expect(publish !== undefined).toBe(protocol === 'outbox');
  });

  it('the metrics of event manager and subscriber count the event, and the publisher’s those of its relay', async () => {
    const metricsOf = (app: 'event-manager' | 'profile' | 'sharing') => scrape(apps.app(app).url, METRICS_TOKEN);
    const of = 'publisher="user.profile"';
    const at = `${of},subscriber="sharing"`;
    await waitFor(
      async () =>
        (await metricsOf('sharing')).get(`dbem_replication_lag_seconds_count{${at},entity_type="USER_PROFILE"}`) === 1,
    );
    const [profile, manager] = await Promise.all([metricsOf('profile'), metricsOf('event-manager')]);
    expect(manager.get(`dbem_intake_forwarded_total{${at},entity_type="USER_PROFILE"}`)).toBe(1);
    const waited = protocol === 'confirm-then-commit' ? 1 : 0;
    expect(manager.get(`dbem_intake_acknowledged_total{${of},outcome="accepted"}`) ?? 0).toBe(waited);
    expect(profile.get(`dbem_relay_published_total{${of},entity_type="USER_PROFILE"}`) ?? 0).toBe(1 - waited);
  });
});
