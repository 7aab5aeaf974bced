/**
 * The cost of forwarding an event to several service queues, by strategy. Starts its own RabbitMQ. Run it with
 * `npx tsx test/bench/forwarding.ts [destinations …]`.
 *
 *   cc        one publish with all queues in its CC header; a missing queue is not detected
 *   cc+check  the same, and every queue is inspected after the confirms of each batch
 *   each      one mandatory publish per queue
 *   guarded   one publish with CC to a direct exchange, bound to one exchange per service; the exchange of a missing
 *             queue routes to an alternate exchange
 *   fan-out   what an event manager does: one publish per event, and one per queue for the last event of a batch
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { RabbitMqBroker } from '@dbem/transport';
import { connect } from 'amqplib';
import { PrivateRabbitMq } from '../../tools/servers/private-rabbitmq';

const BODY = Buffer.alloc(600, 'x');
const BATCH = 250;
const BATCHES_IN_FLIGHT = 4;
/** Maximum number of messages in flight, with any strategy. */
const WINDOW = 4_000;
const TICKS_PER_SECOND = 100;

type Forward = (batchSize: number) => Promise<void>;

const counts = process.argv.slice(2).map(Number);
const folder = mkdtempSync(join(tmpdir(), 'bench-forwarding-'));
const rabbitMq = await PrivateRabbitMq.start(folder);
const broker = new RabbitMqBroker({ url: rabbitMq.amqpUrl });
await broker.start();
while (!broker.health().isConnected) await new Promise((resolve) => setTimeout(resolve, 20));
const brokerPid = await osPid();
const rows: Record<string, unknown>[] = [];
for (const destinations of counts.length > 0 ? counts : [1, 2, 8, 100]) {
  const queues = await declare(destinations);
  for (const [strategy, forward] of Object.entries(strategies(queues))) {
    await forward(50);
    rows.push({ destinations, strategy, ...(await measure(destinations, forward)) });
    console.error(JSON.stringify(rows.at(-1)));
    await purge(queues);
  }
  for (const queue of queues) await broker.topology.deleteQueue(queue);
}
console.table(rows);
await broker.stop();
await rabbitMq.stop();
rmSync(folder, { recursive: true, force: true });

function strategies(queues: readonly string[]): Record<string, Forward> {
  const [first = '', ...others] = queues;
  const withCc = { routingKey: first, cc: others, body: BODY };
  const forEachConcurrently = async (count: number, publish: () => Promise<unknown>) => {
    const step = Math.ceil(WINDOW / BATCHES_IN_FLIGHT / queues.length);
    for (let begun = 0; begun < count; begun += step) {
      await Promise.all(Array.from({ length: Math.min(step, count - begun) }, publish));
    }
  };
  return {
    cc: async (count) => {
      await forEachConcurrently(count, () => broker.publish({ exchange: '', ...withCc }));
    },
    'cc+check': async (count) => {
      await forEachConcurrently(count, () => broker.publish({ exchange: '', ...withCc }));
      await Promise.all(queues.map((queue) => broker.topology.inspectQueue(queue)));
    },
    each: async (count) => {
      await forEachConcurrently(count, () =>
        Promise.all(queues.map((routingKey) => broker.publish({ exchange: '', routingKey, body: BODY }))),
      );
    },
    'fan-out': async (count) => {
      await forEachConcurrently(count, () => broker.fanOut({ body: BODY }, queues));
    },
    guarded: async (count) => {
      await forEachConcurrently(count, () => broker.publish({ exchange: 'guarded', ...withCc }));
    },
  };
}

async function measure(destinations: number, forward: Forward) {
  const events = Math.max(500, Math.ceil(60_000 / destinations));
  let left = Math.ceil(events / BATCH);
  const cpuBefore = cpuSeconds();
  const startedAt = performance.now();
  await Promise.all(
    Array.from({ length: BATCHES_IN_FLIGHT }, async () => {
      while (left > 0) {
        left -= 1;
        await forward(BATCH);
      }
    }),
  );
  const seconds = (performance.now() - startedAt) / 1_000;
  const sent = Math.ceil(events / BATCH) * BATCH;
  const cpu = cpuSeconds() - cpuBefore;
  const alone: number[] = [];
  for (let index = 0; index < 100; index += 1) {
    const startedAtMs = performance.now();
    await forward(1);
    alone.push(performance.now() - startedAtMs);
  }
  alone.sort((left, right) => left - right);
  return {
    'events/s': Math.round(sent / seconds),
    'broker CPU ms/event': Number(((cpu * 1_000) / sent).toFixed(2)),
    'single event, p50 ms': Number(alone[50]?.toFixed(2)),
  };
}

async function declare(destinations: number): Promise<string[]> {
  const connection = await connect(rabbitMq.amqpUrl);
  const channel = await connection.createChannel();
  await channel.assertExchange('missing', 'fanout');
  await channel.assertQueue('missing', { arguments: { 'x-queue-type': 'quorum' } });
  await channel.bindQueue('missing', 'missing', '');
  await channel.assertExchange('guarded', 'direct');
  const queues = Array.from({ length: destinations }, (_, index) => `service.${index}.queue`);
  for (const queue of queues) {
    await channel.assertExchange(queue, 'fanout', { alternateExchange: 'missing' });
    await channel.bindExchange(queue, 'guarded', queue);
    await channel.assertQueue(queue, { arguments: { 'x-queue-type': 'quorum' } });
    await channel.bindQueue(queue, queue, '');
  }
  await connection.close();
  return queues;
}

async function purge(queues: readonly string[]): Promise<void> {
  const connection = await connect(rabbitMq.amqpUrl);
  const channel = await connection.createChannel();
  for (const queue of queues) await channel.purgeQueue(queue);
  await connection.close();
}

async function osPid(): Promise<string> {
  for (;;) {
    const response = await fetch(`http://127.0.0.1:${rabbitMq.managementPort}/api/nodes`, {
      headers: { authorization: `Basic ${btoa('guest:guest')}` },
    });
    const [node] = (await response.json()) as { os_pid?: string }[];
    if (node?.os_pid !== undefined) return node.os_pid;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

/** User and system time that the broker has used so far. */
function cpuSeconds(): number {
  const fields = readFileSync(`/proc/${brokerPid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}
