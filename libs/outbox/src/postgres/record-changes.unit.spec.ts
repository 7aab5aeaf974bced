import { groupCodec } from '@dbem/entity-codec';
import { context, propagation, trace } from '@opentelemetry/api';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { Client } from 'pg';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { created, updated } from '../change';
import { ScriptedQueries } from '../spec-support/scripted-queries';
import { outboxStatement, recordChanges, versionsStatement } from './record-changes';

const one = created(groupCodec, { id: 'g' });
const other = updated(
  groupCodec,
  { id: 'h', name: 'n' },
  { dependsOn: [{ publisher: 'sharing', entityType: 'GROUP', entityId: 'g', minimumVersion: 3n }] },
);
const DEPENDENCIES = '[["sharing","GROUP","g","3"]]';
const bytesOf = ({ entity }: typeof one) => groupCodec.encode(entity);

describe('Statements that record changes', () => {
  afterEach(() => {
    trace.disable();
    context.disable();
    propagation.disable();
  });

  it('A single change is recorded by its own values, with the entity’s bytes and its dependencies', () => {
    expect(outboxStatement([other]).values).toEqual(['GROUP', 'h', 'UPDATE', bytesOf(other), DEPENDENCIES, null]);
    expect(outboxStatement([one]).values).toEqual(['GROUP', 'g', 'CREATE', bytesOf(one), null, null]);
  });

  it('Several changes are recorded by one array per column, in the order of the changes', () => {
    expect(outboxStatement([one, other]).values).toEqual([
      ['GROUP', 'GROUP'],
      ['g', 'h'],
      ['CREATE', 'UPDATE'],
      [bytesOf(one), bytesOf(other)],
      [null, DEPENDENCIES],
      null,
    ]);
  });

  it('Changes that are not sent through the outbox are recorded without their entities', () => {
    expect(versionsStatement([one]).values).toEqual(['GROUP', 'g', 'CREATE', null, null, null]);
    expect(versionsStatement([one, other]).values[3]).toEqual([null, null]);
  });

  it('A traced change is recorded with the trace context of its request', () => {
    new NodeTracerProvider().register();
    const span = trace.getTracer('test').startSpan('request');
    const { values } = context.with(trace.setSpan(context.active(), span), () => outboxStatement([one]));
    const { traceparent } = JSON.parse(String(values.at(-1)));
    expect(traceparent).toContain(span.spanContext().traceId);
    span.end();
  });

  it('Statements for one change and for several are prepared under different names', () => {
    const names = [[one], [one, other]].map((changes) => outboxStatement(changes).statement.name);
    expect(names).toEqual(['db_event.note_one', 'db_event.note_many']);
  });
});

describe('recordChanges', () => {
  it('Any transaction gets text and values, and the versions are returned in the order of the changes', async () => {
    const transaction = new ScriptedQueries([{ version: '9223372036854775807' }, { version: '2' }]);
    const record = outboxStatement([one, other]);
    expect(await recordChanges(transaction, record)).toEqual([2n ** 63n - 1n, 2n]);
    expect(transaction.queries).toEqual([{ sql: record.statement.text, params: record.values }]);
  });

  it('A pg client gets a prepared statement', async () => {
    const client = new Client();
    const query = vi.spyOn(client, 'query').mockImplementation(async () => ({ rows: [{ version: '5' }] }));
    const record = outboxStatement([one]);
    expect(await recordChanges(client, record)).toEqual([5n]);
    expect(query).toHaveBeenCalledWith({ ...record.statement, values: record.values });
  });

  it('A transaction that returns an array of rows is supported, too', async () => {
    const transaction = { query: async () => [{ version: '4' }] };
    expect(await recordChanges(transaction, outboxStatement([one]))).toEqual([4n]);
  });
});
