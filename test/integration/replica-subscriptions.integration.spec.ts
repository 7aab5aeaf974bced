import { decodeMessage, encodeReply } from '@dbem/entity-codec';
import { SubscriptionClient } from '@dbem/replica';
import {
  type BatchHandler,
  type Consumption,
  INTAKE_EXCHANGE,
  INTAKE_KEY,
  INTAKE_QUEUE,
  intakeMessage,
  RabbitMqBroker,
} from '@dbem/transport';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type FreshVhost, freshVhost } from '../support/servers/fresh-vhost';
import { waitFor } from '../support/waiting/wait-for';

const SERVICE = 'sharing';

describe('SubscriptionClient', () => {
  const DECLARED = { publisher: 'user.profile', subscriber: SERVICE, entityTypes: ['TENANT'] as const };
  let vhost: FreshVhost;
  let broker: RabbitMqBroker;
  let manager: Consumption | undefined;
  let client: SubscriptionClient;

  beforeAll(async () => {
    vhost = await freshVhost();
    broker = new RabbitMqBroker({ url: vhost.amqpUrl });
    await broker.start();
    await waitFor(() => broker.health().isConnected);
  });

  beforeEach(() => {
    client = makeClient(60_000);
  });

  afterEach(async () => {
    await client.stop();
    await manager?.stop();
    await broker.topology.deleteQueue(INTAKE_QUEUE);
  });

  afterAll(async () => {
    await broker.stop();
    await vhost.drop();
  });

  const makeClient = (requestTimeoutMs: number) =>
    new SubscriptionClient(broker, [DECLARED], { service: SERVICE, requestTimeoutMs });

  /** Replies as an event manager does. @returns the requests so far */
  async function actAsManager(answer: (request: number) => Parameters<typeof encodeReply>[0] | undefined) {
    const requests: unknown[] = [];
    await broker.topology.declareExchange({ name: INTAKE_EXCHANGE, type: 'direct' });
    const bindings = [{ exchange: INTAKE_EXCHANGE, routingKey: INTAKE_KEY }];
    await broker.topology.declareQueue({ name: INTAKE_QUEUE, kind: 'quorum', bindings });
    const handle: BatchHandler = async (batch) => {
      for (const { body, replyTo = '', correlationId = '' } of batch) {
        const message = decodeMessage(body);
        requests.push(message.kind === 'subscription' && message.request);
        const reply = answer(requests.length);
        if (reply === undefined) continue;
        await broker.publish({
          exchange: '',
          routingKey: replyTo,
          correlationId,
          body: encodeReply(reply),
          mandatory: false,
        });
      }
    };
    manager = broker.consume(INTAKE_QUEUE, handle, { batches: { alone: intakeMessage } });
    return requests;
  }

  it('A subscription is requested until the event manager accepts it, even if the manager starts later', async () => {
    expect(await broker.topology.inspectQueue(INTAKE_QUEUE)).toBeUndefined();
    client = makeClient(500);
    await client.start();
    expect(client.areAllAccepted).toBe(false);
    const requests = await actAsManager((request) => {
      if (request === 1) return undefined;
      if (request === 2)
        return { status: 'REJECTED', code: 'MAP_UNAVAILABLE', reason: 'no ZooKeeper', retryable: true };
      return { status: 'ACCEPTED', services: [SERVICE] };
    });
    await waitFor(() => client.areAllAccepted);
    // More than three if the machine is so slow that a reply arrives after the timeout.
    expect(requests.length).toBeGreaterThanOrEqual(3);
    for (const request of requests)
      expect(request).toEqual({
        ...DECLARED,
        action: 'SUBSCRIBE',
        declareQueue: true,
        heartbeats: true,
        messageFormat: 1,
      });
    expect(client.states).toEqual([{ subscription: DECLARED, status: 'subscribed' }]);
  });

  it('A subscription can be ended and started again', async () => {
    const requests = await actAsManager(() => ({ status: 'ACCEPTED', services: [SERVICE] }));
    await client.subscribe(DECLARED);
    await client.unsubscribe(DECLARED);
    expect(client.states[0]?.status).toBe('unsubscribed');
    await client.subscribe(DECLARED);
    expect(client.states[0]?.status).toBe('subscribed');
    expect(requests).toMatchObject([{ action: 'SUBSCRIBE' }, { action: 'UNSUBSCRIBE' }, { action: 'SUBSCRIBE' }]);
  });

  it('A subscription that is permanently refused has the state refused, with the reason', async () => {
    await actAsManager(() => ({
      status: 'REJECTED',
      code: 'SUBSCRIPTION_INVALID',
      reason: 'to itself',
      retryable: false,
    }));
    await client.start();
    await waitFor(() => client.states[0]?.status === 'refused');
    expect(client.states[0]?.reason).toContain('to itself');
    expect(client.areAllAccepted).toBe(false);
  });
});
