import { type DynamicModule, type INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { context, propagation, trace } from '@opentelemetry/api';
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppModule as EventManager } from '../../apps/event-manager/src/app.module';
import { eventManagerConfigSchema } from '../../apps/event-manager/src/event-manager.config';
import { AppModule as Profile } from '../../apps/profile/src/app.module';
import { profileConfigSchema } from '../../apps/profile/src/profile.config';
import { AppModule as Registry } from '../../apps/registry/src/app.module';
import { registryConfigSchema } from '../../apps/registry/src/registry.config';
import { AppModule as Sharing } from '../../apps/sharing/src/app.module';
import { sharingConfigSchema } from '../../apps/sharing/src/sharing.config';
import {
  type FreshDatabase,
  type FreshVhost,
  type FreshZooKeeperRoot,
  freshDatabase,
  freshVhost,
  freshZooKeeperRoot,
  request,
  waitFor,
} from '../support';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';

/** All apps in this process, so that one exporter sees the spans of all. */
describe('a trace', () => {
  const exporter = new InMemorySpanExporter();
  const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  const apps: INestApplication[] = [];
  const databases: FreshDatabase[] = [];
  let vhost: FreshVhost;
  let root: FreshZooKeeperRoot;
  let sharing: FreshDatabase;
  let profileUrl: string;

  beforeAll(async () => {
    provider.register();
    [vhost, root] = await Promise.all([freshVhost(), freshZooKeeperRoot()]);
    const common = { AMQP_URL: vhost.amqpUrl, LOG_LEVEL: 'error', HEARTBEAT_INTERVAL_MS: '0' };
    await start(
      EventManager.with(eventManagerConfigSchema.parse({ ...common, ZOOKEEPER_CONNECT: root.connectString })),
    );
    const withDatabase = async () => {
      const database = await freshDatabase();
      databases.push(database);
      return { ...common, DATABASE_URL: database.url };
    };
    await start(Sharing.with(sharingConfigSchema.parse(await withDatabase())));
    sharing = databases[0] as FreshDatabase;
    await start(Registry.with(registryConfigSchema.parse(await withDatabase())));
    const profile = await start(Profile.with(profileConfigSchema.parse(await withDatabase())));
    profileUrl = await profile.getUrl();
    for (const app of apps) {
      const url = await app.getUrl();
      await waitFor(async () => (await request('GET', `${url}/health/ready`)).status === 200, { timeoutMs: 60_000 });
    }
  });

  afterAll(async () => {
    await Promise.all(apps.map((app) => app.close()));
    await provider.shutdown();
    trace.disable();
    context.disable();
    propagation.disable();
    await Promise.all([vhost?.drop(), root?.drop(), ...databases.map((database) => database.drop())]);
  });

  async function start(module: DynamicModule): Promise<INestApplication> {
    const app = await NestFactory.create(module, { logger: false });
    await app.listen(0, '127.0.0.1');
    apps.push(app);
    return app;
  }

  const createUser = (userId: string, traceId: string) =>
    request('POST', `${profileUrl}/users`, {
      body: { userId, gatewayId: 'seagrid', firstName: 'A', lastName: 'B', emails: ['a@example.org'] },
      headers: { traceparent: `00-${traceId}-b7ad6b7169203331-01` },
    });

  const spansOf = (traceId: string) =>
    exporter.getFinishedSpans().filter((span) => span.spanContext().traceId === traceId);
  const named = (spans: readonly ReadableSpan[], name: string, subscriber?: string) =>
    spans.filter(
      (span) => span.name === name && (subscriber === undefined || span.attributes['dbem.subscriber'] === subscriber),
    );

  it('leads from the request at the publisher through relay and event manager to every subscriber, and on from there', async () => {
    expect((await createUser('ada', TRACE_ID)).status).toBe(201);
    await waitFor(() => named(spansOf(TRACE_ID), 'apply', 'registry').length === 1);
    // A new user gets a default project at registry, whose event belongs to the same story, and reaches sharing too.
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

  it('stays one through the retry levels', async () => {
    const traceId = TRACE_ID.replace(/^0/, '1');
    await sharing.pool.query(`
      CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'not yet'; END $$;
      CREATE TRIGGER refuse BEFORE INSERT ON sharing_user FOR EACH ROW EXECUTE FUNCTION refuse()`);
    await createUser('grace', traceId);
    await waitFor(() => named(spansOf(traceId), 'apply', 'sharing').length > 0);
    await sharing.pool.query('DROP TRIGGER refuse ON sharing_user');
    await waitFor(
      async () =>
        (await sharing.pool.query("SELECT 1 FROM sharing_user WHERE user_id LIKE 'grace%'")).rows.length === 1,
      { timeoutMs: 60_000 },
    );
    await waitFor(() => named(spansOf(traceId), 'apply', 'sharing').length >= 2);
  });

  it('links a batch to each of its events', async () => {
    const traceIds = Array.from({ length: 20 }, (_, index) => `2af7651916cd43dd8448eb211c8031${10 + index}`);
    await Promise.all(traceIds.map((traceId, index) => createUser(`many${index}`, traceId)));
    await waitFor(() => traceIds.every((traceId) => named(spansOf(traceId), 'apply', 'sharing').length > 0), {
      timeoutMs: 60_000,
    });
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
