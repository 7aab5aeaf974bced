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

class DatabaseAway extends Error {}

@RequestController((error) => error instanceof DatabaseAway)
class Replica {
  asked: VersionsQuery[] = [];

  constructor(@Inject(RequestServers) servers: RequestServers) {
    servers.add({ service: SERVICE, role: 'replica' });
  }

  @MessagePattern(ReplicaMethods.versions.name, REPLICA_REQUESTS)
  async versions(@Payload() query: VersionsQuery): Promise<(ReplicaVersion | null)[]> {
    this.asked.push(query);
    return query.entities.map(({ entityId }) =>
      entityId === 'known' ? { version: '7', deleted: false, arrivedAtMs: null } : null,
    );
  }

  @MessagePattern(ReplicaMethods.deferredEvents.name, REPLICA_REQUESTS)
  async deferred(@Payload() { limit }: DeferredEventQuery): Promise<DeferredEventPage> {
    if (limit === 1) throw new DatabaseAway('no connection');
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

  it('A request is answered by the controller that has its method, with params and answer of the declared classes', async () => {
    const entities = [entity('known'), entity('other')];
    const [known, other] = await service.client.ask(SERVICE, ReplicaMethods.versions, { entities });
    expect(known).toEqual({ version: '7', deleted: false, arrivedAtMs: null });
    expect(other).toBeNull();
    expect(service.app.get(Replica).asked[0]).toBeInstanceOf(VersionsQuery);
  });

  it.each([
    ['no params', []],
    ['a list', [{ entities: [] }]],
    ['no list', { entities: entity('a') }],
    ['null in the list', { entities: [null] }],
    ['an entity without its id', { entities: [{ publisher: 'registry', entityType: 'PROJECT' }] }],
    ['too many', { entities: Array.from({ length: 1_001 }, () => entity('a')) }],
  ])('A request with invalid params is refused as malformed: %s', async (_what, params) => {
    expect(await ask('replica.versions', params)).toMatchObject({ code: 'MESSAGE_MALFORMED', retryable: false });
    expect(service.app.get(Replica).asked).toEqual([]);
  });

  it('Params that the service does not know yet are left out', async () => {
    const entities = [{ ...entity('known'), since: 5 }];
    await service.client.ask(SERVICE, anyParams('replica.versions'), { entities, more: true });
    expect(service.app.get(Replica).asked[0]).toEqual({ entities: [entity('known')] });
  });

  it('A request for an unknown method is refused as such', async () => {
    expect(await ask('replica.unheard', {})).toEqual({
      code: 'RPC_METHOD_UNKNOWN',
      message: 'There is no method "replica.unheard"',
      retryable: false,
    });
  });

  it('A request is refused with the error that its method threw; a cause that passes makes it retryable', async () => {
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

  it('An answer that does not fit is refused by the end that asks', async () => {
    const answer = service.client.ask(SERVICE, ReplicaMethods.entity, entity('a'));
    expect(await failureOf(answer)).toMatchObject({ code: 'MESSAGE_MALFORMED', retryable: false });
  });

  it('Requests are counted by outcome, refused ones too', async () => {
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

  it('A request without replyTo is dropped, and the next one is answered', async () => {
    const body = Buffer.from('{"method":"replica.versions"}');
    await broker.publish({ exchange: '', routingKey: requestQueueOf(SERVICE, 'replica'), body });
    expect(await service.client.ask(SERVICE, ReplicaMethods.versions, { entities: [] })).toEqual([]);
  });
});
