import { DbEventError } from '@dbem/db-event';
import {
  DeferredEventPage,
  DeferredEventQuery,
  InMemoryBroker,
  REPLICA_REQUESTS,
  ReplicaMethods,
  type ReplicaVersion,
  RequestController,
  RequestMethod,
  RequestServers,
  requestQueueOf,
  VersionsQuery,
} from '@dbem/transport';
import { Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Answering, compileOver, startAnswering } from '../support/requests/answering-app';

const SERVICE = 'sharing';

class DatabaseDown extends Error {}

@RequestController((error) => error instanceof DatabaseDown)
class Replica {
  queries: VersionsQuery[] = [];

  constructor(@Inject(RequestServers) servers: RequestServers) {
    servers.add({ service: SERVICE, role: 'replica' });
  }

  @MessagePattern(ReplicaMethods.versions.name, REPLICA_REQUESTS)
  async versions(@Payload() query: VersionsQuery): Promise<(ReplicaVersion | null)[]> {
    this.queries.push(query);
    return query.entities.map(({ entityId }) =>
      entityId === 'known' ? { version: '7', deleted: false, arrival: null } : null,
    );
  }

  @MessagePattern(ReplicaMethods.deferredEvents.name, REPLICA_REQUESTS)
  async deferred(@Payload() { limit }: DeferredEventQuery): Promise<DeferredEventPage> {
    if (limit === 1) throw new DatabaseDown('no connection');
    if (limit === 2) throw new DbEventError('QUEUE_BUSY', 'busy', { retryable: true });
    throw new Error('oh');
  }

  @MessagePattern(ReplicaMethods.entity.name, REPLICA_REQUESTS)
  async entity(): Promise<unknown> {
    return { isHandled: 'yes' };
  }
}

const entity = (entityId: string) => ({ publisher: 'registry', entityType: 'PROJECT' as const, entityId });
const anyParams = (name: string) => new RequestMethod('replica', name, Object, (answer) => answer);

describe('requests', () => {
  let broker: InMemoryBroker;
  let service: Answering;
  let registry: Registry;

  beforeEach(async () => {
    broker = new InMemoryBroker();
    registry = new Registry();
    const metrics = {
      module: class {},
      global: true,
      providers: [{ provide: Registry, useValue: registry }],
      exports: [Registry],
    };
    service = await startAnswering(broker, await compileOver(broker, { imports: [metrics], controllers: [Replica] }));
  });

  afterEach(() => service.stop());

  const failureOf = (asked: Promise<unknown>) =>
    asked.then(
      () => undefined,
      ({ code, message, retryable }: DbEventError) => ({ code, message, retryable }),
    );
  const ask = (name: string, params: object) => failureOf(service.client.ask(SERVICE, anyParams(name), params));

  it('A request is handled by the controller with its method, with params and result of the declared classes', async () => {
    const entities = [entity('known'), entity('other')];
    const [known, other] = await service.client.ask(SERVICE, ReplicaMethods.versions, { entities });
    expect(known).toEqual({ version: '7', deleted: false, arrival: null });
    expect(other).toBeNull();
    expect(service.app.get(Replica).queries[0]).toBeInstanceOf(VersionsQuery);
  });

  it.each([
    ['no params', []],
    ['a list', [{ entities: [] }]],
    ['no list', { entities: entity('a') }],
    ['null in the list', { entities: [null] }],
    ['an entity without its id', { entities: [{ publisher: 'registry', entityType: 'PROJECT' }] }],
    ['too many', { entities: Array.from({ length: 1_001 }, () => entity('a')) }],
  ])('A request with invalid params is rejected as malformed: %s', async (_what, params) => {
    expect(await ask('replica.versions', params)).toMatchObject({ code: 'MESSAGE_MALFORMED', retryable: false });
    expect(service.app.get(Replica).queries).toEqual([]);
  });

  it('Params that the service does not know are dropped', async () => {
    const entities = [{ ...entity('known'), since: 5 }];
    await service.client.ask(SERVICE, anyParams('replica.versions'), { entities, more: true });
    expect(service.app.get(Replica).queries[0]).toEqual({ entities: [entity('known')] });
  });

  it('A request for an unknown method is rejected with the method’s name', async () => {
    expect(await ask('replica.unknown', {})).toEqual({
      code: 'RPC_METHOD_UNKNOWN',
      message: 'Unknown method "replica.unknown"',
      retryable: false,
    });
  });

  it('A request is rejected with the error that its handler threw, as retryable if the cause is temporary', async () => {
    expect(await ask('replica.deferredEvents', { limit: 1 })).toMatchObject({
      code: 'DATABASE_UNAVAILABLE',
      retryable: true,
    });
    expect(await ask('replica.deferredEvents', { limit: 2 })).toEqual({
      code: 'QUEUE_BUSY',
      message: 'busy',
      retryable: true,
    });
    expect(await ask('replica.deferredEvents', { limit: 3 })).toEqual({
      code: 'RPC_FAILED',
      message: 'Error: oh',
      retryable: false,
    });
  });

  it('An invalid result is rejected by the client', async () => {
    const answer = service.client.ask(SERVICE, ReplicaMethods.entity, entity('a'));
    expect(await failureOf(answer)).toMatchObject({ code: 'MESSAGE_MALFORMED', retryable: false });
  });

  it('Requests are counted by outcome, rejected ones included', async () => {
    await service.client.ask(SERVICE, ReplicaMethods.versions, { entities: [] });
    await ask('replica.versions', {});
    await ask('replica.deferredEvents', { limit: 2 });
    const { values } = (await registry.getSingleMetric('dbem_requests_total')?.get()) ?? { values: [] };
    expect(values.map(({ labels, value }) => ({ ...labels, value }))).toEqual([
      { role: 'replica', method: 'replica.versions', outcome: 'ok', value: 1 },
      { role: 'replica', method: 'replica.versions', outcome: 'MESSAGE_MALFORMED', value: 1 },
      { role: 'replica', method: 'replica.deferredEvents', outcome: 'QUEUE_BUSY', value: 1 },
    ]);
  });

  it('A request without replyTo is dropped, and the next one is handled', async () => {
    const body = Buffer.from('{"method":"replica.versions"}');
    await broker.publish({ exchange: '', routingKey: requestQueueOf(SERVICE, 'replica'), body });
    expect(await service.client.ask(SERVICE, ReplicaMethods.versions, { entities: [] })).toEqual([]);
  });
});
