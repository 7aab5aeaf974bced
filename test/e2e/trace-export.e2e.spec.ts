import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppProcess } from '../../tools/apps/app-process';
import { logFolder } from '../support/apps/log-folder';
import { type RunningApps, startApps } from '../support/apps/running-apps';
import { request } from '../support/http/http';
import { scrape } from '../support/observation/metrics';
import { TraceCollector } from '../support/observation/trace-collector';
import { waitFor } from '../support/waiting/wait-for';

const METRICS_TOKEN = 'the-scrapers-own-token';
const ADMIN_TOKEN = 'the-admins-own-token';
const REQUEST_SPAN = 'b7ad6b7169203331';
const OF = 'publisher="user.profile"';
const AT = `${OF},subscriber="sharing"`;
const TYPE = 'entity_type="USER_PROFILE"';

interface Counts {
  readonly forwarded: number;
  readonly acknowledged: number;
  readonly applied: number;
}

describe('Traces and metrics of apps with a collector', () => {
  let collector: TraceCollector;
  let apps: RunningApps;

  beforeAll(async () => {
    collector = await TraceCollector.start();
    const environment = {
      METRICS_TOKEN,
      ADMIN_TOKEN,
      HEARTBEAT_INTERVAL_MS: '0',
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_BSP_SCHEDULE_DELAY: '100',
    };
    // Separate processes, because the tracer is global in a process.
    const asProcesses = ['event-manager', 'profile', 'sharing'] as const;
    apps = await startApps(['profile', 'sharing'], environment, { asProcesses });
  });

  afterAll(async () => {
    await apps?.stop();
    await collector?.stop();
  });

  const metricsOf = (url: string) => scrape(url, METRICS_TOKEN);

  /** The counts of the shared apps so far. */
  async function counted(): Promise<Counts> {
    const [manager, sharing] = await Promise.all([
      metricsOf(apps.app('event-manager').url),
      metricsOf(apps.app('sharing').url),
    ]);
    return {
      forwarded: manager.get(`dbem_intake_forwarded_total{${AT},${TYPE}}`) ?? 0,
      acknowledged: manager.get(`dbem_intake_acknowledged_total{${OF},outcome="accepted"}`) ?? 0,
      applied: sharing.get(`dbem_replication_lag_seconds_count{${AT},${TYPE}}`) ?? 0,
    };
  }

  async function createUser(profileUrl: string, userId: string, traceId: string): Promise<void> {
    const { status } = await request('POST', `${profileUrl}/users`, {
      body: { userId, gatewayId: 'seagrid', firstName: 'A', lastName: 'B', emails: ['a@example.org'] },
      headers: { traceparent: `00-${traceId}-${REQUEST_SPAN}-01` },
    });
    expect(status).toBe(201);
  }

  /** The number of changes that this instance of profile has published from its outbox. */
  const relayedBy = async (profileUrl: string) =>
    (await metricsOf(profileUrl)).get(`dbem_relay_published_total{${OF},${TYPE}}`) ?? 0;

  const spanOf = (traceId: string, service: string, name: string) =>
    collector.spans.find((span) => span.traceId === traceId && span.service === service && span.name === name);

  /** The spans of one trace: the request at the publisher, the event manager, and the subscriber. */
  const spansOf = async (traceId: string) => ({
    http: await waitFor(() => spanOf(traceId, 'user.profile', 'POST /users')),
    forward: await waitFor(() => spanOf(traceId, 'event-manager', 'forward')),
    apply: await waitFor(() => spanOf(traceId, 'sharing', 'apply')),
  });

  /** Resolves with the counts of the shared apps when each of these counts has grown. */
  const countedWhenGrown = (before: Counts, grown: readonly (keyof Counts)[]) =>
    waitFor(async () => {
      const now = await counted();
      return grown.every((name) => now[name] > before[name]) && now;
    });

  it('A change through the outbox is one trace with a relay span, and is counted by relay, manager and subscriber', async () => {
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    const before = await counted();
    await createUser(apps.app('profile').url, 'ada', traceId);
    const { http, forward, apply } = await spansOf(traceId);
    const publish = await waitFor(() => spanOf(traceId, 'user.profile', 'publish'));
    expect(http.parentSpanId).toBe(REQUEST_SPAN);
    expect(publish.parentSpanId).toBe(http.spanId);
    expect(forward.parentSpanId).toBe(publish.spanId);
    expect(apply.parentSpanId).toBe(forward.spanId);
    const { forwarded, applied, acknowledged } = before;
    expect(await countedWhenGrown(before, ['forwarded', 'applied'])).toEqual({
      forwarded: forwarded + 1,
      applied: applied + 1,
      acknowledged,
    });
    expect(await waitFor(() => relayedBy(apps.app('profile').url))).toBe(1);
  });

  it('A change with confirm-then-commit is one trace without a relay span, and its acknowledgement is counted', async () => {
    const traceId = '1af7651916cd43dd8448eb211c80319c';
    await apps.app('profile').stop();
    const env = { ...apps.environmentOf('profile'), PUBLISH_PROTOCOL: 'confirm-then-commit' };
    const profile = await AppProcess.start({ app: 'profile', env, logFolder });
    try {
      await profile.waitUntilReady();
      const before = await counted();
      await createUser(profile.url, 'grace', traceId);
      const { http, forward, apply } = await spansOf(traceId);
      expect(http.parentSpanId).toBe(REQUEST_SPAN);
      expect(spanOf(traceId, 'user.profile', 'publish')).toBeUndefined();
      expect(forward.parentSpanId).toBe(http.spanId);
      expect(apply.parentSpanId).toBe(forward.spanId);
      const { forwarded, applied, acknowledged } = before;
      expect(await countedWhenGrown(before, ['forwarded', 'applied', 'acknowledged'])).toEqual({
        forwarded: forwarded + 1,
        applied: applied + 1,
        acknowledged: acknowledged + 1,
      });
      expect(await relayedBy(profile.url)).toBe(0);
    } finally {
      await profile.stop();
    }
  });
});
