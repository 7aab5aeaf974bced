import { groupCodec } from '@dbem/entity-codec';
import { context, propagation, trace } from '@opentelemetry/api';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { Client } from 'pg';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { created, updated } from '../change';
import { ScriptedQueries } from '../spec-support/scripted-queries';
import { noteOfOutbox, noteOfVersions, takeNote } from './note-changes';

const one = created(groupCodec, { id: 'g' });
const other = updated(
  groupCodec,
  { id: 'h', name: 'n' },
  { dependsOn: [{ publisher: 'sharing', entityType: 'GROUP', entityId: 'g', minimumVersion: 3n }] },
);
const DEPENDENCIES = '[["sharing","GROUP","g","3"]]';
const bytesOf = ({ entity }: typeof one) => groupCodec.encode(entity);

describe('A note of changes', () => {
  afterEach(() => {
    trace.disable();
    context.disable();
    propagation.disable();
  });

  it('A single change is noted by its own values, with the entity’s bytes and what it depends on', () => {
    expect(noteOfOutbox([other]).values).toEqual(['GROUP', 'h', 'UPDATE', bytesOf(other), DEPENDENCIES, null]);
    expect(noteOfOutbox([one]).values).toEqual(['GROUP', 'g', 'CREATE', bytesOf(one), null, null]);
  });

  it('Several changes are noted by a column each, in their order', () => {
    expect(noteOfOutbox([one, other]).values).toEqual([
      ['GROUP', 'GROUP'],
      ['g', 'h'],
      ['CREATE', 'UPDATE'],
      [bytesOf(one), bytesOf(other)],
      [null, DEPENDENCIES],
      null,
    ]);
  });

  it('Changes that are sent otherwise leave no entity in the outbox', () => {
    expect(noteOfVersions([one]).values).toEqual(['GROUP', 'g', 'CREATE', null, null, null]);
    expect(noteOfVersions([one, other]).values[3]).toEqual([null, null]);
  });

  it('A traced change is noted with the trace of its request', () => {
    new NodeTracerProvider().register();
    const span = trace.getTracer('test').startSpan('request');
    const note = context.with(trace.setSpan(context.active(), span), () => noteOfOutbox([one]));
    const { traceparent } = JSON.parse(String(note.values.at(-1)));
    expect(traceparent).toContain(span.spanContext().traceId);
    span.end();
  });

  it('Statements for one change and for several have names of their own, under which they are prepared', () => {
    const names = [[one], [one, other]].map((changes) => noteOfOutbox(changes).statement.name);
    expect(names).toEqual(['db_event.note_one', 'db_event.note_many']);
  });
});

describe('takeNote', () => {
  it('A note taken in any transaction sends text and values, and gives the versions back in their order', async () => {
    const transaction = new ScriptedQueries([{ version: '9223372036854775807' }, { version: '2' }]);
    const note = noteOfOutbox([one, other]);
    expect(await takeNote(transaction, note)).toEqual([2n ** 63n - 1n, 2n]);
    expect(transaction.asked).toEqual([{ sql: note.statement.text, params: note.values }]);
  });

  it('A note taken by a pg client is prepared', async () => {
    const client = new Client();
    const query = vi.spyOn(client, 'query').mockImplementation(async () => ({ rows: [{ version: '5' }] }));
    const note = noteOfOutbox([one]);
    expect(await takeNote(client, note)).toEqual([5n]);
    expect(query).toHaveBeenCalledWith({ ...note.statement, values: note.values });
  });

  it('A note taken in a transaction that answers with an array of rows gives the versions as well', async () => {
    const transaction = { query: async () => [{ version: '4' }] };
    expect(await takeNote(transaction, noteOfOutbox([one]))).toEqual([4n]);
  });
});
