import { groupCodec } from '@dbem/entity-codec';
import { InMemoryBroker, PublisherMethods, SourceMethods } from '@dbem/transport';
import type { DynamicModule } from '@nestjs/common';
import { Pool } from 'pg';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Answering, compileOver, startAnswering } from '../../../test/support/requests/answering-app';
import { OutboxModule } from './outbox.module';
import { OUTBOX_OPTIONS } from './outbox-options';
import type { AnyReconcileSource } from './reconcile/reconcile-source';

const SERVICE = 'registry';

const groups: AnyReconcileSource = {
  codec: groupCodec,
  rows: 'SELECT id AS entity_id, title FROM groups',
  fields: { name: 'title' },
  entityOf: ({ id }) => ({ id }),
  orphanOf: (id) => ({ id }),
};

/** A database that is unavailable, with a transient error. */
const pool = new Pool({ connectionString: 'postgres://nobody@127.0.0.1:1/none' });

let service: Answering;

beforeEach(async () => {
  const broker = new InMemoryBroker();
  const { schema: _schema, ...bare } = groupCodec;
  const unnamed = { ...groups, codec: { ...bare, entityType: 'TENANT' as const } };
  const outbox = OutboxModule.forRoot({ service: SERVICE, pool, sources: [groups, unnamed] });
  service = await startAnswering(broker, await compileOver(broker, { imports: [outbox] }));
});

afterEach(() => service.stop());

it('The schemas of a publisher are those of its sources whose codecs have one', async () => {
  expect(await service.client.ask(SERVICE, PublisherMethods.schemas, {})).toEqual([
    { entityType: 'GROUP', ...groupCodec.schema },
  ]);
});

it('A request for an entity type without a source is rejected', async () => {
  const asked = service.client.ask(SERVICE, SourceMethods.describe, { entityType: 'PROJECT' });
  await expect(asked).rejects.toMatchObject({ code: 'RECONCILE_UNSUPPORTED', retryable: false });
});

it('A request is rejected as retryable while the database is unavailable', async () => {
  const key = { entityType: 'GROUP', entityId: 'g' } as const;
  const retryable = { code: 'DATABASE_UNAVAILABLE', retryable: true };
  await expect(service.client.ask(SERVICE, PublisherMethods.entity, key)).rejects.toMatchObject(retryable);
  await expect(service.client.ask(SERVICE, SourceMethods.describe, key)).rejects.toMatchObject(retryable);
});

it('Every request method of a publisher has a handler that validates its params', async () => {
  const { schemas: _withoutParams, ...methods } = { ...PublisherMethods, ...SourceMethods };
  for (const { role, name } of Object.values(methods)) {
    const unchecked = { role, name, params: Object, answer: (answer: unknown) => answer };
    const asked = service.client.ask(SERVICE, unchecked, { entityType: 5 });
    await expect(asked, name).rejects.toMatchObject({ code: 'MESSAGE_MALFORMED' });
  }
});

it('An outbox uses the pool that its application provides, and fails to start without one', async () => {
  const imports = [OutboxModule.forRoot({ service: SERVICE })];
  const refused = { code: 'CONFIGURATION_INVALID' };
  await expect(compileOver(new InMemoryBroker(), { imports })).rejects.toMatchObject(refused);
  const provided: DynamicModule = {
    module: class Database {},
    global: true,
    providers: [{ provide: Pool, useValue: pool }],
    exports: [Pool],
  };
  const module = await compileOver(new InMemoryBroker(), { imports: [provided, ...imports] });
  expect(module.get(OUTBOX_OPTIONS, { strict: false })).toMatchObject({ service: SERVICE, pool });
});
