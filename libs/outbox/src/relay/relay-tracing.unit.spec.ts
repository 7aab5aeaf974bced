import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { waitFor } from '../../../../test/support/waiting/wait-for';
import { ScriptedBroker } from '../spec-support/scripted-broker';
import { WatchedOutboxStore } from '../spec-support/watched-outbox-store';
import { Relay } from './relay';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const exporter = new InMemorySpanExporter();

beforeEach(() => {
  new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }).register();
});

afterEach(() => {
  exporter.reset();
  trace.disable();
  context.disable();
  propagation.disable();
});

it('A traced change is published in a span of its trace, and a failed publish is a failed span', async () => {
  const store = new WatchedOutboxStore();
  const broker = new ScriptedBroker();
  broker.confirm = async () => {
    if (broker.published.length === 1) throw new Error('refused');
  };
  store.append({
    version: 7n,
    entityType: 'PROJECT',
    entityId: 'p',
    crudType: 'UPDATE',
    entity: Buffer.alloc(0),
    changeTimeMs: 5,
    traceContext: { traceparent: `00-${TRACE_ID}-b7ad6b7169203331-01`, tracestate: 'vendor=1' },
  });
  const relay = new Relay(store, broker, { service: 'registry' });
  await relay.start();
  await waitFor(() => exporter.getFinishedSpans().length === 2);
  await relay.stop();
  const [failed, published] = exporter.getFinishedSpans();
  expect(failed?.status.code).toBe(SpanStatusCode.ERROR);
  expect(published).toMatchObject({
    name: 'publish',
    kind: SpanKind.PRODUCER,
    status: { code: SpanStatusCode.UNSET },
    attributes: { 'messaging.message.id': 'registry:7', 'dbem.entity_type': 'PROJECT' },
  });
  expect(published?.spanContext().traceId).toBe(TRACE_ID);
  // The next recipient of the event continues from this span.
  expect(broker.events[1]?.headers).toMatchObject({
    traceparent: `00-${TRACE_ID}-${published?.spanContext().spanId}-01`,
    tracestate: 'vendor=1',
  });
});

it('A traced change keeps its trace context if the relay does not trace', async () => {
  trace.disable();
  propagation.disable();
  const store = new WatchedOutboxStore();
  const broker = new ScriptedBroker();
  const traceparent = `00-${TRACE_ID}-b7ad6b7169203331-01`;
  const row = { version: 7n, entityType: 'PROJECT', entityId: 'p', crudType: 'UPDATE', changeTimeMs: 5 } as const;
  store.append({ ...row, entity: Buffer.alloc(0), traceContext: { traceparent } });
  const relay = new Relay(store, broker, { service: 'registry' });
  await relay.start();
  await waitFor(() => broker.published.length === 1);
  await relay.stop();
  expect(broker.events[0]?.headers).toEqual({ traceparent });
});
