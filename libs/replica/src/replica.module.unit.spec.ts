import { groupCodec } from '@dbem/entity-codec';
import { ComparedReplicaMethods, InMemoryBroker, ReplicaMethods } from '@dbem/transport';
import type { DynamicModule } from '@nestjs/common';
import { Pool } from 'pg';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Answering, compileOver, startAnswering } from '../../../test/support/requests/answering-app';
import { OnDelete, OnUpsert, Replicates } from './handlers/replicates.decorator';
import { ReplicaModule } from './replica.module';
import { REPLICATION_OPTIONS } from './replication-options';

const SERVICE = 'sharing';

@Replicates({
  publisher: 'registry',
  codec: groupCodec,
  projection: { rows: 'SELECT id AS entity_id, title FROM groups', fields: { name: 'title' } },
})
class Groups {
  @OnUpsert()
  async upsert(): Promise<void> {}

  @OnDelete()
  async remove(): Promise<void> {}
}

/** An unavailable database: its error is transient. */
const pool = new Pool({ connectionString: 'postgres://nobody@127.0.0.1:1/none' });

let service: Answering;

beforeEach(async () => {
  const broker = new InMemoryBroker();
  const replica = ReplicaModule.forRoot({ service: SERVICE, pool });
  service = await startAnswering(broker, await compileOver(broker, { imports: [replica], providers: [Groups] }));
});

afterEach(() => service.stop());

it('A replica describes the fields that its handler’s projection declares', async () => {
  const key = { publisher: 'registry', entityType: 'GROUP' } as const;
  expect(await service.client.ask(SERVICE, ComparedReplicaMethods.describe, key)).toEqual({ fields: ['name'] });
});

it('A request about entities without a handler is rejected', async () => {
  const response = service.client.ask(SERVICE, ComparedReplicaMethods.describe, {
    publisher: 'registry',
    entityType: 'PROJECT',
  });
  await expect(response).rejects.toMatchObject({ code: 'RECONCILE_UNSUPPORTED', retryable: false });
});

it('A request is rejected as retryable while the database is unavailable', async () => {
  const response = service.client.ask(SERVICE, ReplicaMethods.deferredEvents, { limit: 1 });
  await expect(response).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE', retryable: true });
});

it('Every request method of a replica has a handler that validates its params', async () => {
  const unfit = { publisher: 'registry', entityType: 5, limit: 0, events: [null], entities: [null], ranges: {} };
  for (const { role, name } of Object.values({ ...ReplicaMethods, ...ComparedReplicaMethods })) {
    const unchecked = { role, name, params: Object, answer: (answer: unknown) => answer };
    const response = service.client.ask(SERVICE, unchecked, unfit);
    await expect(response, name).rejects.toMatchObject({ code: 'MESSAGE_MALFORMED' });
  }
});

it('ReplicaModule uses the pool that its application provides, and fails without one', async () => {
  const imports = [ReplicaModule.forRoot({ service: SERVICE })];
  const fault = { code: 'CONFIGURATION_INVALID' };
  await expect(compileOver(new InMemoryBroker(), { imports })).rejects.toMatchObject(fault);
  const provided: DynamicModule = {
    module: class Database {},
    global: true,
    providers: [{ provide: Pool, useValue: pool }],
    exports: [Pool],
  };
  const module = await compileOver(new InMemoryBroker(), { imports: [provided, ...imports] });
  expect(module.get(REPLICATION_OPTIONS, { strict: false })).toMatchObject({ service: SERVICE, pool });
});
