import { decodeMessage, encodeReply } from '@dbem/entity-codec';
import { SubscriptionClient } from '@dbem/replica';
import { declareManagerTopology, MANAGER_QUEUE, RabbitMqBroker } from '@dbem/transport';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FreshVhost, freshVhost, waitFor } from '../support';

const SERVICE = 'sharing';

describe('SubscriptionClient', () => {
  const DECLARED = { publisher: 'user.profile', subscriber: SERVICE, entityTypes: ['TENANT'] as const };
  let vhost: FreshVhost;
  let broker: RabbitMqBroker;
  let client: SubscriptionClient;

  beforeEach(async () => {
    vhost = await freshVhost();
    broker = new RabbitMqBroker({ url: vhost.amqpUrl });
    await broker.start();
    client = new SubscriptionClient(broker, [DECLARED], { service: SERVICE, requestTimeoutMs: 500 });
  });

  afterEach(async () => {
    await client.stop();
    await broker.stop();
    await vhost.drop();
  });

  async function playManager(answer: (request: number) => Parameters<typeof encodeReply>[0] | undefined) {
    const requests: unknown[] = [];
    await waitFor(() => broker.health().isConnected);
    await declareManagerTopology(broker.topology);
    broker.consume(MANAGER_QUEUE, async (batch) => {
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
    });
    return requests;
  }

  it('asks until the event manager, which may start later, accepts', async () => {
    await client.start();
    expect(client.isSettled).toBe(false);
    const requests = await playManager((request) => {
      if (request === 1) return undefined;
      if (request === 2) return { status: 'REJECTED', code: 'MAP_UNAVAILABLE', reason: 'away', retryable: true };
      return { status: 'ACCEPTED', services: [SERVICE] };
    });
    await waitFor(() => client.isSettled);
    expect(requests).toHaveLength(3);
    expect(requests[0]).toEqual({ ...DECLARED, action: 'SUBSCRIBE', declareQueue: true, heartbeats: true });
    expect(client.states).toEqual([{ subscription: DECLARED, status: 'subscribed' }]);
  });

  it('ends a subscription, and makes it again', async () => {
    const requests = await playManager(() => ({ status: 'ACCEPTED', services: [SERVICE] }));
    await client.subscribe(DECLARED);
    await client.unsubscribe(DECLARED);
    expect(client.states[0]?.status).toBe('unsubscribed');
    await client.subscribe(DECLARED);
    expect(client.states[0]?.status).toBe('subscribed');
    expect(requests.map((request) => (request as { action: string }).action)).toEqual([
      'SUBSCRIBE',
      'UNSUBSCRIBE',
      'SUBSCRIBE',
    ]);
  });

  it('says so when it is refused for good', async () => {
    await playManager(() => ({
      status: 'REJECTED',
      code: 'SUBSCRIPTION_INVALID',
      reason: 'to itself',
      retryable: false,
    }));
    await client.start();
    await waitFor(() => client.states[0]?.status === 'refused');
    expect(client.states[0]?.reason).toContain('to itself');
    expect(client.isSettled).toBe(false);
  });
});
