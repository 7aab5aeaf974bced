import { context, propagation, trace } from '@opentelemetry/api';
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningApps, startApps } from '../support/apps/running-apps';
import { request } from '../support/http/http';
import { waitFor } from '../support/waiting/wait-for';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';

/** All apps run in this process, so that one exporter receives all spans. */
describe('A trace', () => {
  const exporter = new InMemorySpanExporter();
  const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  let apps: RunningApps;

  beforeAll(async () => {
    provider.register();
    apps = await startApps(['profile', 'sharing', 'registry'], { LOG_LEVEL: 'error', HEARTBEAT_INTERVAL_MS: '0' });
  });

  afterAll(async () => {
    await apps?.stop();
    await provider.shutdown();
    trace.disable();
    context.disable();
    propagation.disable();
  });

  const createUser = (userId: string, traceId: string) =>
    request('POST', `${apps.app('profile').url}/users`, {
      body: { userId, gatewayId: 'seagrid', firstName: 'A', lastName: 'B', emails: ['a@example.org'] },
      headers: { traceparent: `00-${traceId}-b7ad6b7169203331-01` },
    });

  const spansOf = (traceId: string) =>
    exporter.getFinishedSpans().filter((span) => span.spanContext().traceId === traceId);
  const named = (spans: readonly ReadableSpan[], name: string, subscriber?: string) =>
    spans.filter(
      (span) => span.name === name && (subscriber === undefined || span.attributes['dbem.subscriber'] === subscriber),
    );

  const waitingForLocks = async () => {
    const sql = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    return (await apps.database('sharing').pool.query(sql)).rows.length;
  };

  it('A trace contains the request at the publisher, relay, event manager and every subscriber, and the changes that follow', async () => {
    expect((await createUser('ada', TRACE_ID)).status).toBe(201);
    await waitFor(() => named(spansOf(TRACE_ID), 'apply', 'registry').length === 1);
    // A new user gets a default project at registry, whose event belongs to the same trace and also reaches sharing.
    await waitFor(() => named(spansOf(TRACE_ID), 'apply', 'sharing').length === 2);
    const spans = spansOf(TRACE_ID);
    const [http] = named(spans, 'POST /users');
    expect(http?.parentSpanContext?.spanId).toBe('b7ad6b7169203331');
    expect(http?.attributes['http.response.status_code']).toBe(201);
    const [publish] = named(spans, 'publish').filter((span) => parentOf(span) === idOf(http));
    const [forward] = named(spans, 'forward').filter((span) => parentOf(span) === idOf(publish));
    const applied = named(spans, 'apply').filter((span) => parentOf(span) === idOf(forward));
    expect(applied.map(({ attributes }) => attributes['dbem.subscriber']).sort()).toEqual(['registry', 'sharing']);
  });

  it('A trace continues through the retry levels', async () => {
    const traceId = TRACE_ID.replace(/^0/, '1');
    const { pool } = apps.database('sharing');
    const isApplied = async () =>
      (await pool.query("SELECT 1 FROM sharing_user WHERE user_id LIKE 'grace%'")).rows.length === 1;
    const attempts = () => named(spansOf(traceId), 'apply', 'sharing');
    await pool.query(`
      CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'not yet'; END $$;
      CREATE TRIGGER refuse BEFORE INSERT ON sharing_user FOR EACH ROW EXECUTE FUNCTION refuse()`);
    await createUser('grace', traceId);
    await waitFor(() => attempts().length > 0);
    expect(await isApplied()).toBe(false);
    await pool.query('DROP TRIGGER refuse ON sharing_user');
    await waitFor(isApplied);
    await waitFor(() => attempts().length >= 2);
  });

  it('A batch has a link to the trace of each of its events', async () => {
    const traceIds = Array.from({ length: 20 }, (_, index) => `2af7651916cd43dd8448eb211c8031${10 + index}`);
    const create = (index: number) => createUser(`many${index}`, traceIds[index] as string);
    // The others arrive while the first event is blocked, and are then applied as a batch.
    const client = await apps.database('sharing').pool.connect();
    await client.query('BEGIN; LOCK TABLE sharing_user IN EXCLUSIVE MODE');
    await create(0);
    await waitFor(async () => (await waitingForLocks()) > 0, { what: 'the first event to be blocked' });
    await Promise.all(traceIds.slice(1).map((_, index) => create(index + 1)));
    await waitFor(() => traceIds.every((traceId) => named(spansOf(traceId), 'forward').length > 0));
    await client.query('COMMIT');
    client.release();
    await waitFor(() => traceIds.every((traceId) => named(spansOf(traceId), 'apply', 'sharing').length > 0));
    const applied = named(exporter.getFinishedSpans(), 'apply', 'sharing').map(idOf);
    const batches = named(exporter.getFinishedSpans(), 'apply batch', 'sharing');
    const linked = batches.flatMap(({ links }) => links.map((link) => link.context.spanId));
    expect(applied).toEqual(expect.arrayContaining(linked));
    expect(new Set(linked).size).toBeGreaterThanOrEqual(2);
    for (const batch of named(exporter.getFinishedSpans(), 'apply batch')) {
      expect(batch.links.length).toBeGreaterThan(0);
      expect(batch.links.length).toBeLessThanOrEqual(Number(batch.attributes['messaging.batch.message_count']));
    }
  });
});

function idOf(span: ReadableSpan | undefined): string | undefined {
  return span?.spanContext().spanId;
}

function parentOf(span: ReadableSpan): string | undefined {
  return span.parentSpanContext?.spanId;
}
