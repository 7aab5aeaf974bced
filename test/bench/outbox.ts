/**
 * The outbox and its relay under a steady load, and then while the broker is down. Starts its own PostgreSQL and
 * RabbitMQ. Samples every 5 s: waiting rows, dead rows, size of table and index, and the memory of this process, which
 * runs writers and relay. Run it with
 * `npx tsx test/bench/outbox.ts [changes per second, 1000] [seconds, 60] [seconds without a broker, 20]`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { userProfileCodec } from '@dbem/entity-codec';
import { OutboxChangePublisher, outboxMigrations, PostgresOutboxStore, Relay, updated } from '@dbem/outbox';
import { migrate } from '@dbem/postgres';
import {
  type BatchHandler,
  declareManagerTopology,
  INTAKE_QUEUE,
  intakeMessage,
  RabbitMqBroker,
} from '@dbem/transport';
import { Pool } from 'pg';
import { PrivatePostgres } from '../../tools/servers/private-postgres';
import { PrivateRabbitMq } from '../../tools/servers/private-rabbitmq';

const [rate = 1_000, seconds = 60, secondsDown = 20] = process.argv.slice(2).map(Number);
/** Changes per transaction of the service; transactions start at even intervals. */
const CHANGES_PER_TRANSACTION = 5;
const SAMPLE_INTERVAL_MS = 5_000;

const folder = mkdtempSync(join(tmpdir(), 'bench-outbox-'));
const [postgres, rabbitMq] = await Promise.all([
  PrivatePostgres.start(join(folder, 'postgres')),
  PrivateRabbitMq.start(join(folder, 'rabbitmq')),
]);
const pool = new Pool({ connectionString: await postgres.createDatabase('publisher'), max: 20 });
await migrate(pool, outboxMigrations);
const broker = new RabbitMqBroker({ url: rabbitMq.amqpUrl });
await broker.start();
await until(() => broker.health().isConnected);
await declareManagerTopology(broker.topology);
let received = 0;
const count: BatchHandler = async (batch) => {
  received += batch.length;
};
broker.consume(INTAKE_QUEUE, count, { batches: { alone: intakeMessage } });
const relay = new Relay(new PostgresOutboxStore(pool), broker, { service: 'user.profile' });
await relay.start();

const publisher = new OutboxChangePublisher('user.profile');
let written = 0;
let isWriting = true;
let phase = 'steady';
const samples: Record<string, unknown>[] = [];
const startedAt = Date.now();
const sampling = setInterval(() => void sample(), SAMPLE_INTERVAL_MS);
const writing = write();
await pause(seconds * 1_000);
await rabbitMq.restartGently();
await until(() => broker.health().isConnected);
phase = 'broker down';
await rabbitMq.kill();
await pause(secondsDown * 1_000);
await sample();
await rabbitMq.restart();
phase = 'drain';
const backAt = Date.now();
await until(async () => broker.health().isConnected && (await waiting()) < rate / 10);
const drainedAfterMs = Date.now() - backAt;
isWriting = false;
await writing;
await until(async () => (await waiting()) === 0);
clearInterval(sampling);
await sample();
console.table(samples);
console.log({ written, received, drainedAfterMs });
await relay.stop();
await broker.stop();
await pool.end();
await Promise.all([rabbitMq.stop(), postgres.stop()]);
rmSync(folder, { recursive: true, force: true });

async function write(): Promise<void> {
  const inFlight = new Set<Promise<unknown>>();
  const begin = Date.now();
  while (isWriting) {
    const due = Math.floor(((Date.now() - begin) * rate) / 1_000) - written;
    for (let index = 0; index < Math.min(due, 500); index += CHANGES_PER_TRANSACTION) {
      const changes = Array.from({ length: CHANGES_PER_TRANSACTION }, () => updated(userProfileCodec, user(written++)));
      const one = publisher.publishAll(pool, changes).finally(() => inFlight.delete(one));
      inFlight.add(one);
    }
    await pause(5);
    if (inFlight.size > 200) await Promise.all(inFlight);
  }
  await Promise.all(inFlight);
}

function user(number: number) {
  return {
    userModelVersion: '1.0',
    airavataInternalUserId: `u${number % 10_000}@gw`,
    userId: `u${number % 10_000}`,
    gatewayId: 'gw',
    emails: [`u${number}@example.org`],
    firstName: 'Ada',
    lastName: 'x'.repeat(400),
    creationTime: 0n,
    lastAccessTime: 0n,
    validUntil: 0n,
    state: 'ACTIVE' as const,
  };
}

async function waiting(): Promise<number> {
  return Number((await pool.query('SELECT count(*) FROM db_event.outbox')).rows[0].count);
}

async function sample(): Promise<void> {
  const { rows } = await pool.query(
    `SELECT n_dead_tup AS dead, autovacuum_count AS vacuums, pg_table_size(relid) AS bytes, pg_indexes_size(relid) AS index_bytes
     FROM pg_stat_user_tables WHERE relid = 'db_event.outbox'::regclass`,
  );
  samples.push({
    s: Math.round((Date.now() - startedAt) / 1_000),
    phase,
    written,
    received,
    waiting: await waiting(),
    dead: Number(rows[0].dead),
    vacuums: Number(rows[0].vacuums),
    'table MiB': Number((Number(rows[0].bytes) / 2 ** 20).toFixed(1)),
    'index MiB': Number((Number(rows[0].index_bytes) / 2 ** 20).toFixed(1)),
    'memory MiB': Math.round(process.memoryUsage().rss / 2 ** 20),
  });
  console.error(JSON.stringify(samples.at(-1)));
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await pause(50);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
