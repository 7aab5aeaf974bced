/**
 * The event manager with many parked events: the time and memory of listing, filtering, a dry run and a redrive of all
 * events. Starts its own RabbitMQ and ZooKeeper. Run it after `npm run build` with
 * `npx tsx test/bench/parked.ts [events, 100000] [bytes of an entity's text, 1000]`.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DbEventError } from '@dbem/db-event';
import { encodeEvent, projectCodec } from '@dbem/entity-codec';
import { parkedMessage, parkedQueueOf, RabbitMqBroker, serviceQueueOf } from '@dbem/transport';
import { AppProcess } from '../../tools/apps/app-process';
import { PrivateRabbitMq } from '../../tools/servers/private-rabbitmq';
import { PrivateZooKeeper } from '../../tools/servers/private-zookeeper';

const [events = 100_000, textBytes = 1_000] = process.argv.slice(2).map(Number);
const TOKEN = 'a-token-of-the-benchs-own';
const SERVICE = 'sharing';

const folder = mkdtempSync(join(tmpdir(), 'bench-parked-'));
const [rabbitMq, zooKeeper] = await Promise.all([
  PrivateRabbitMq.start(join(folder, 'rabbitmq')),
  PrivateZooKeeper.start(join(folder, 'zookeeper')),
]);
const manager = await AppProcess.start({
  app: 'event-manager',
  env: { AMQP_URL: rabbitMq.amqpUrl, ZOOKEEPER_CONNECT: zooKeeper.connectString, ADMIN_TOKEN: TOKEN },
  logFolder: folder,
});
await manager.waitUntilReady();
const broker = new RabbitMqBroker({ url: rabbitMq.amqpUrl });
await broker.start();
await until(() => broker.health().isConnected);
await call('PUT', `/subscriptions/registry/${SERVICE}`, {});
await park();

const idleMb = rssMb();
let peakMb = idleMb;
const sampling = setInterval(() => {
  peakMb = Math.max(peakMb, rssMb());
}, 50);
const results: Record<string, unknown>[] = [];
await measure('list, first page', 'GET', `/parked?service=${SERVICE}&limit=50`);
await measure(
  'list, filtered by publisher and entity type',
  'GET',
  `/parked?service=${SERVICE}&entityType=PROJECT&publisher=registry&limit=50`,
);
await measure('list, filtered by reason', 'GET', `/parked?service=${SERVICE}&reasonCode=HANDLER_FAILED&limit=50`);
await measure('dry run of a redrive of all', 'POST', `/parked/${SERVICE}/redrive?dryRun=true`);
await measure('redrive of all', 'POST', `/parked/${SERVICE}/redrive`);
clearInterval(sampling);
console.table(results);
const state = async (queue: string) => (await broker.topology.inspectQueue(queue))?.messages;
console.log(
  `parked ${await state(parkedQueueOf(SERVICE))}, in the service's queue ${await state(serviceQueueOf(SERVICE))}; ` +
    `the manager's memory: ${idleMb.toFixed(0)} MB idle, ${peakMb.toFixed(0)} MB peak`,
);
await broker.stop();
await manager.stop();
await Promise.all([rabbitMq.stop(), zooKeeper.stop()]);
rmSync(folder, { recursive: true, force: true });

async function park(): Promise<void> {
  const error = new DbEventError('HANDLER_FAILED', 'the bench’s handler always fails');
  const description = 'x'.repeat(textBytes);
  for (let from = 0; from < events; from += 1_000) {
    const numbers = Array.from({ length: Math.min(1_000, events - from) }, (_, index) => from + index);
    await Promise.all(
      numbers.map((number) => {
        const project = { projectID: `p${number}`, owner: 'ada', gatewayId: 'gw', name: 'n', description };
        const body = encodeEvent({
          publisher: 'registry',
          entityType: 'PROJECT',
          crudType: 'UPDATE',
          entity: projectCodec.encode(project),
          entityId: project.projectID,
          version: BigInt(number + 1),
          eventId: `registry:${number}`,
          changeTimeMs: 1,
        });
        const delivery = {
          body,
          headers: {},
          exchange: '',
          routingKey: '',
          redelivered: false,
          messageId: `m${number}`,
        };
        return broker.publish(parkedMessage(delivery, SERVICE, error, new Date(1_000 + number)));
      }),
    );
  }
}

async function measure(what: string, method: string, path: string): Promise<void> {
  peakMb = rssMb();
  const startedAtMs = performance.now();
  const body = await call(method, path);
  const seconds = (performance.now() - startedAtMs) / 1_000;
  const answer = Array.isArray(body.items) ? `${body.items.length} items` : JSON.stringify(body).slice(0, 60);
  results.push({ what, seconds: seconds.toFixed(1), 'peak memory, MB': peakMb.toFixed(0), answer });
}

async function call(method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
  const response = await fetch(`${manager.url}/admin/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(280_000),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path} failed with ${response.status}: ${text}`);
  return text === '' ? {} : JSON.parse(text);
}

function rssMb(): number {
  const [, kb] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${manager.pid}/status`, 'utf8')) ?? [];
  return Number(kb) / 1_024;
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 50));
}
