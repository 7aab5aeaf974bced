import { batchMessage, encodeElement, RabbitMqBroker } from '@dbem/transport';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FreshVhost, freshVhost, management } from '../support/servers/fresh-vhost';
import { waitFor } from '../support/waiting/wait-for';

const QUEUE = 'mine.queue';
const EVENTS = 200;

describe('a batch under an operator’s delivery limit', () => {
  let vhost: FreshVhost;
  let broker: RabbitMqBroker;

  beforeAll(async () => {
    vhost = await freshVhost();
    await management('PUT', `/api/policies/${vhost.vhost}/limit`, {
      pattern: `^${QUEUE}$`,
      definition: { 'delivery-limit': 3, 'dead-letter-exchange': '', 'dead-letter-routing-key': 'dropped' },
      'apply-to': 'queues',
    });
    broker = new RabbitMqBroker({ url: vhost.amqpUrl });
    await broker.start();
    await waitFor(() => broker.health().isConnected);
    await broker.topology.declareQueue({ name: 'dropped', kind: 'quorum' });
    await broker.topology.declareQueue({ name: QUEUE, kind: 'quorum' });
  });

  afterAll(async () => {
    await broker.stop();
    await vhost.drop();
  });

  it('An event that fails at each delivery costs itself, and not the batch in which it came', async () => {
    const texts = Array.from({ length: EVENTS }, (_, index) => (index === 100 ? 'bad' : `good ${index}`));
    const elements = texts.map((text) => encodeElement({ body: Buffer.from(text) }));
    const handled = new Set<string>();
    let failures = 0;
    const consumption = broker.consume(
      QUEUE,
      async (batch) => {
        for (const { body } of batch) {
          if (body.toString() === 'bad') {
            failures += 1;
            throw new Error('the process would crash here, and handle nothing of what follows');
          }
          handled.add(body.toString());
        }
      },
      // One message in hand: a crash costs each of them a delivery.
      { batches: { alone: ({ body }) => ({ exchange: '', routingKey: QUEUE, body }) }, prefetch: 1 },
    );
    await broker.publish(batchMessage(elements, '', QUEUE));
    const dropped = async () => (await broker.topology.inspectQueue('dropped'))?.messages ?? 0;
    await waitFor(async () => (await dropped()) > 0, { what: 'the broker to drop the event' });
    await waitFor(() => handled.size === EVENTS - 1);
    expect(failures).toBeGreaterThan(1);
    const bodies: string[] = [];
    await broker.browse('dropped', ({ body }) => {
      bodies.push(body.toString());
      return 'keep';
    });
    expect(bodies).toEqual(['bad']);
    await consumption.stop();
  });
});
