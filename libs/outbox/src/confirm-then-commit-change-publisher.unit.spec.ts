import { type EntityVersion, inDryRun } from '@dbem/db-event';
import { decodeMessage, encodeReply, groupCodec, type Reply } from '@dbem/entity-codec';
import { context, propagation, trace } from '@opentelemetry/api';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { created, updated } from './change';
import { ConfirmThenCommitChangePublisher } from './confirm-then-commit-change-publisher';
import { collectPublished } from './published-changes';
import { eventsIn, ScriptedBroker } from './spec-support/scripted-broker';
import { ScriptedQueries } from './spec-support/scripted-queries';

const ACCEPTED: Reply = { status: 'ACCEPTED', services: [] };
const REFUSED: Reply = { status: 'REJECTED', code: 'MAP_UNAVAILABLE', reason: 'no map', retryable: true };

describe('ConfirmThenCommitChangePublisher', () => {
  const changes = [
    created(groupCodec, { id: 'g', name: 'one' }),
    updated(groupCodec, { id: 'h' }, { dependsOn: [{ publisher: 'a', entityType: 'TENANT', entityId: 't' }] }),
  ];
  let broker: ScriptedBroker;
  let transaction: ScriptedQueries;
  let publisher: ConfirmThenCommitChangePublisher;

  beforeEach(() => {
    broker = new ScriptedBroker();
    broker.answer = async () => encodeReply(ACCEPTED);
    transaction = new ScriptedQueries([{ version: '7' }, { version: '8' }]);
    publisher = new ConfirmThenCommitChangePublisher(broker, { service: 'registry' });
    vi.useFakeTimers({ now: 1_700_000_000_000 });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('Changes are sent as events with their versions, and the versions are returned in the order of the changes', async () => {
    const collected: EntityVersion[] = [];
    const published = await collectPublished(collected, () => publisher.publishAll(transaction, changes));
    expect(published).toStrictEqual([
      { publisher: 'registry', entityType: 'GROUP', entityId: 'g', version: 7n },
      { publisher: 'registry', entityType: 'GROUP', entityId: 'h', version: 8n },
    ]);
    expect(collected).toEqual(published);
    const sent = broker.requests.flatMap(({ message }) => eventsIn(message)).map(({ body }) => decodeMessage(body));
    const common = { publisher: 'registry', entityType: 'GROUP', changeTimeMs: 1_700_000_000_000 };
    expect(sent).toMatchObject([
      { kind: 'event', event: { ...common, crudType: 'CREATE', entityId: 'g', eventId: 'registry:7', version: 7n } },
      { kind: 'event', event: { ...common, crudType: 'UPDATE', entityId: 'h', eventId: 'registry:8', version: 8n } },
    ]);
    const events = sent.map((message) => (message.kind === 'event' ? message.event : undefined));
    expect(events.map((event) => event && groupCodec.decode(event.entity))).toEqual([
      { id: 'g', name: 'one' },
      { id: 'h' },
    ]);
    expect(events.map((event) => event?.dependencies)).toEqual([
      undefined,
      [expect.objectContaining({ entityId: 't' })],
    ]);
  });

  it('An event is sent to the event manager and times out after 5 s without an acknowledgement, or after `timeoutMs`', async () => {
    await publisher.publishAll(transaction, changes.slice(0, 1));
    const slow = new ConfirmThenCommitChangePublisher(broker, { service: 'registry', timeoutMs: 60_000 });
    await slow.publishAll(new ScriptedQueries([{ version: '9' }]), changes.slice(0, 1));
    expect(broker.requests.map(({ timeoutMs }) => timeoutMs)).toEqual([5_000, 60_000]);
    const [request] = broker.requests;
    expect(request?.message).toMatchObject({ exchange: 'db.event.intake', routingKey: 'events' });
    expect(request && eventsIn(request.message)).toMatchObject([{ messageId: 'registry:7', headers: {} }]);
  });

  it('An event of a traced request carries its trace context', async () => {
    new NodeTracerProvider().register();
    const span = trace.getTracer('test').startSpan('request');
    await context.with(trace.setSpan(context.active(), span), () => publisher.publishAll(transaction, changes));
    const [request] = broker.requests;
    expect(request && eventsIn(request.message)[0]?.headers).toEqual({
      traceparent: expect.stringContaining(span.spanContext().traceId),
    });
    span.end();
    trace.disable();
    context.disable();
    propagation.disable();
  });

  it('A refusal by the event manager rejects with its code and reason, and later changes are not sent', async () => {
    broker.answer = async () => encodeReply(REFUSED);
    const collected: EntityVersion[] = [];
    await expect(collectPublished(collected, () => publisher.publishAll(transaction, changes))).rejects.toMatchObject({
      code: 'PUBLISH_REFUSED',
      message: 'The event manager refused the change: no map',
      retryable: true,
      details: { code: 'MAP_UNAVAILABLE', reason: 'no map' },
    });
    expect(broker.requests).toHaveLength(1);
    expect(collected).toEqual([]);
  });

  it('A dry run is rejected and sends nothing, because a rollback would not undo it', async () => {
    await expect(inDryRun(() => publisher.publishAll(transaction, changes))).rejects.toMatchObject({
      code: 'DRY_RUN_IMPOSSIBLE',
      message: expect.stringContaining('confirm-then-commit'),
    });
    expect(broker.requests).toEqual([]);
    expect(transaction.queries).toEqual([]);
  });
});
