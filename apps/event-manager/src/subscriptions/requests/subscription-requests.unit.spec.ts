import { DbEventError } from '@dbem/db-event';
import { decodeReply, encodeSubscriptionRequest } from '@dbem/entity-codec';
import { MapRollout } from '@dbem/subscription-registry';
import { CONTROL_QUEUE, MANAGER_ROUTING_KEY, type OutgoingMessage, PARKING_HEADERS } from '@dbem/transport';
import { context, propagation, trace } from '@opentelemetry/api';
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { Registry } from 'prom-client';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, type MockInstance, vi } from 'vitest';
import { InMemoryManager, OBSERVATION } from '../../../../../test/support/manager/in-memory-manager';
import { valuesOf } from '../../../../../test/support/metrics/values-of';
import { waitFor } from '../../../../../test/support/waiting/wait-for';
import { IdentityConfig } from '../../access/identity/identity.config';
import { BrokerConfig } from '../../config/broker.config';
import { ZooKeeperConfig } from '../../config/zookeeper.config';
import { IntakeConfig } from '../../intake/intake.config';
import { ConsumerRegistrations } from '../../topology/consumer-registrations';
import { SubscriptionService } from '../subscription.service';
import { SubscriptionsModule } from '../subscriptions.module';

const PAIR = { publisher: 'registry', subscriber: 'sharing' } as const;
const SUBSCRIBE = encodeSubscriptionRequest({ action: 'SUBSCRIBE', declareQueue: true, ...PAIR });
const UNSUBSCRIBE = encodeSubscriptionRequest({ action: 'UNSUBSCRIBE', declareQueue: true, ...PAIR });
const TO_ITSELF = encodeSubscriptionRequest({
  action: 'SUBSCRIBE',
  declareQueue: true,
  ...PAIR,
  subscriber: 'registry',
});
const UNAVAILABLE = new DbEventError('MAP_UNAVAILABLE', 'ZooKeeper is unavailable', { retryable: true });
const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';

describe('Subscription requests', () => {
  const exporter = new InMemorySpanExporter();
  const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  let manager: InMemoryManager;
  let published: MockInstance<(message: OutgoingMessage) => Promise<void>>;

  beforeAll(() => provider.register());

  // Spec files share a process: the next one could not register a provider of its own.
  afterAll(async () => {
    await provider.shutdown();
    trace.disable();
    context.disable();
    propagation.disable();
  });

  beforeEach(async () => {
    exporter.reset();
    manager = await InMemoryManager.of([SubscriptionsModule, OBSERVATION], {
      configs: [BrokerConfig, IdentityConfig, IntakeConfig, ZooKeeperConfig],
    });
    published = vi.spyOn(manager.broker, 'publish');
  });

  afterEach(async () => {
    await manager.stop();
  });

  const start = async () => {
    await manager.start();
    await waitFor(() => manager.get(ConsumerRegistrations).areComplete);
  };
  const put = () => vi.spyOn(manager.get(SubscriptionService), 'put');
  const send = (body: Buffer, more: Partial<OutgoingMessage> = {}) =>
    manager.broker.publish({ exchange: '', routingKey: CONTROL_QUEUE, body, ...more });
  const ask = async (body: Buffer) => {
    const message = { exchange: '', routingKey: CONTROL_QUEUE, body };
    return decodeReply((await manager.broker.request(message, { timeoutMs: 5_000 })).body);
  };
  const publishedTo = (exchange: string) =>
    published.mock.calls.flatMap(([message]) => (message.exchange === exchange ? [message] : []));
  const outcomes = async () =>
    (await valuesOf(manager.get(Registry), 'dbem_requests_total')).map(({ labels, value }) => ({ ...labels, value }));

  it('Subscription requests are executed and answered once', async () => {
    await start();
    const accepted = { status: 'ACCEPTED', services: ['sharing'] };
    expect(await ask(SUBSCRIBE)).toMatchObject(accepted);
    expect(manager.registry.map.get('registry', 'sharing')).toBeDefined();
    expect(await ask(UNSUBSCRIBE)).toMatchObject(accepted);
    expect(manager.registry.map.get('registry', 'sharing')).toBeUndefined();
    expect(publishedTo('').filter(({ routingKey }) => routingKey.startsWith('reply.'))).toHaveLength(2);
  });

  it('Subscription requests with a reply address are rejected if they fail, retryable or not', async () => {
    await start();
    put().mockRejectedValueOnce(UNAVAILABLE);
    expect(await ask(SUBSCRIBE)).toMatchObject({ status: 'REJECTED', code: 'MAP_UNAVAILABLE', retryable: true });
    expect(await ask(TO_ITSELF)).toMatchObject({ code: 'SUBSCRIPTION_INVALID', retryable: false });
    expect(await ask(Buffer.from('none'))).toMatchObject({ code: 'MESSAGE_MALFORMED', retryable: false });
    expect(publishedTo(`${CONTROL_QUEUE}.failed`)).toEqual([]);
    expect(publishedTo(`${MANAGER_ROUTING_KEY}.failed`)).toEqual([]);
  });

  it('Subscription requests without a reply address go to a retry queue if their failure is retryable', async () => {
    await start();
    put().mockRejectedValueOnce(UNAVAILABLE);
    await send(SUBSCRIBE);
    await waitFor(() => publishedTo(`${CONTROL_QUEUE}.failed`).length === 1);
    const [{ body, routingKey, headers }] = publishedTo(`${CONTROL_QUEUE}.failed`) as [OutgoingMessage];
    expect({ body, routingKey }).toEqual({ body: SUBSCRIBE, routingKey: 'retry' });
    expect(headers).toMatchObject({ [PARKING_HEADERS.attempts]: 1 });
  });

  it('Subscription requests without a reply address are parked with the reason if their failure is permanent', async () => {
    await start();
    for (const body of [TO_ITSELF, Buffer.from('none')]) await send(body);
    const parked = () => publishedTo(`${MANAGER_ROUTING_KEY}.failed`);
    await waitFor(() => parked().length === 2);
    const reasons = parked().map(({ headers }) => headers?.[PARKING_HEADERS.reasonCode]);
    expect(reasons.sort()).toEqual(['MESSAGE_MALFORMED', 'SUBSCRIPTION_INVALID']);
  });

  it('Subscription requests are redelivered after an unexpected error, and if they can’t be sent to a retry queue', async () => {
    await start();
    const executions = put().mockRejectedValueOnce(new Error('oh')).mockRejectedValueOnce(UNAVAILABLE);
    await send(SUBSCRIBE);
    published.mockImplementation(async ({ exchange }) => {
      if (exchange === `${CONTROL_QUEUE}.failed`) throw UNAVAILABLE;
    });
    await waitFor(() => manager.registry.map.get('registry', 'sharing') !== undefined);
    expect(publishedTo(`${CONTROL_QUEUE}.failed`)).toHaveLength(1);
    expect(executions).toHaveBeenCalledTimes(3);
    expect(await manager.waitingIn(CONTROL_QUEUE)).toBe(0);
  });

  it('Subscription requests each have a span in the trace of their client and are counted by outcome', async () => {
    await start();
    await send(SUBSCRIBE, { headers: { traceparent: `00-${TRACE_ID}-b7ad6b7169203331-01` } });
    await send(TO_ITSELF);
    await send(Buffer.from('none'));
    await waitFor(async () => (await outcomes()).length === 3);
    expect(await outcomes()).toEqual(
      expect.arrayContaining([
        { role: 'manager', method: 'subscribe', outcome: 'ok', value: 1 },
        { role: 'manager', method: 'subscribe', outcome: 'SUBSCRIPTION_INVALID', value: 1 },
        { role: 'manager', method: 'unreadable', outcome: 'MESSAGE_MALFORMED', value: 1 },
      ]),
    );
    const spans = exporter.getFinishedSpans();
    expect(spans.map(({ name }) => name).sort()).toEqual(['subscribe', 'subscribe', 'unreadable']);
    expect(spans.filter((span) => span.spanContext().traceId === TRACE_ID)).toHaveLength(1);
  });

  it('Subscription requests are not consumed before the map has been read', async () => {
    let read = () => {};
    const reading = new Promise<void>((resolve) => {
      read = resolve;
    });
    vi.spyOn(manager.registry, 'loaded').mockReturnValue(reading);
    const consume = vi.spyOn(manager.broker, 'consume');
    const consumed = () => consume.mock.calls.filter(([queue]) => queue === CONTROL_QUEUE).length;
    await manager.start();
    expect(consumed()).toBe(0);
    read();
    await waitFor(() => consumed() === 1);
  });

  it('Subscription requests in progress are finished before the map rollout stops', async () => {
    await start();
    const ended: string[] = [];
    let finish = () => {};
    const put = vi.spyOn(manager.get(SubscriptionService), 'put').mockImplementation(async () => {
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      ended.push('request');
      return 'unchanged';
    });
    const rollout = manager.get(MapRollout);
    const stop = rollout.stop.bind(rollout);
    vi.spyOn(rollout, 'stop').mockImplementation(() => {
      ended.push('rollout');
      return stop();
    });
    await send(SUBSCRIBE);
    await waitFor(() => put.mock.calls.length === 1);
    const stopped = manager.stop();
    finish();
    await stopped;
    expect(ended).toEqual(['request', 'rollout']);
  });
});
