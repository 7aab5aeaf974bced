import type { DbEvent } from '@dbem/db-event';
import { encodeEvent, projectCodec } from '@dbem/entity-codec';
import { SILENT_LOG } from '@dbem/runtime';
import { type Delivery, declareManagerTopology, InMemoryBroker, MANAGERS_EXCHANGE } from '@dbem/transport';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { StatusChannel } from '../status/status-channel';
import { RemoteWatches } from './remote-watches';
import { Tail } from './tail';
import type { TailFilter } from './tail-filter';
import type { TappedEvent } from './tapped-event';

const PROJECT = projectCodec.encode({ projectID: 'p1', owner: 'ada', gatewayId: 'seagrid', name: 'Engine' });

function event(parts: Partial<DbEvent> = {}): DbEvent {
  return {
    publisher: 'registry',
    entityType: 'PROJECT',
    crudType: 'UPDATE',
    entity: PROJECT,
    entityId: 'p1',
    version: 7n,
    ...parts,
  };
}

function deliveryOf(passed: DbEvent, headers: Delivery['headers'] = {}): Delivery {
  return {
    body: encodeEvent(passed),
    headers,
    exchange: '',
    routingKey: '',
    redelivered: false,
    messageId: 'registry:7',
  };
}

interface Manager {
  readonly tail: Tail;
  readonly line: StatusChannel;
  pass(passed: DbEvent, services?: readonly string[], headers?: Delivery['headers']): void;
}

describe('Tail', () => {
  let broker: InMemoryBroker;
  let here: Manager;
  let there: Manager;

  async function managerCalled(name: string): Promise<Manager> {
    const speakers = { checkSender: () => {} };
    const line = new StatusChannel(broker, speakers, SILENT_LOG);
    const tail = new Tail(line, new RemoteWatches(line, SILENT_LOG), { selfId: name }, SILENT_LOG);
    const bindings = [{ exchange: MANAGERS_EXCHANGE, routingKey: '' }];
    await broker.topology.declareQueue({ name: line.queue, kind: 'classic', bindings });
    broker.consume(line.queue, async (deliveries) => {
      for (const delivery of deliveries) line.receive(delivery);
    });
    const pass: Manager['pass'] = (passed, services = ['sharing'], headers) =>
      tail.record(passed, services, deliveryOf(passed, headers));
    return { tail, line, pass };
  }

  function watch(filter: TailFilter = {}, withContent = false, tail = here.tail) {
    const seen: TappedEvent[] = [];
    const skipped: number[] = [];
    const sink = {
      event: (one: TappedEvent) => seen.push(one),
      skipped: (count: number) => skipped.push(count),
      ended: vi.fn(),
    };
    const leave = tail.watch({ filter, withContent }, sink);
    return { seen, skipped, sink, leave };
  }

  beforeEach(async () => {
    vi.useFakeTimers();
    broker = new InMemoryBroker();
    await broker.start();
    await declareManagerTopology(broker.topology);
    here = await managerCalled('here');
    there = await managerCalled('there');
    await vi.advanceTimersByTimeAsync(100);
    for (const { line } of [here, there]) {
      expect(await broker.topology.inspectQueue(line.queue)).toMatchObject({ consumers: 1 });
    }
  });

  afterEach(async () => {
    for (const { tail, line } of [here, there]) {
      tail.stop();
      await line.stop();
    }
    await broker.stop();
    vi.useRealTimers();
  });

  it('The tail shows a routed event with all of its properties but not its content', () => {
    const { seen } = watch();
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    here.pass(event({ changeTimeMs: 1_800_000_000_000 }), ['search', 'sharing'], {
      traceparent: `00-${traceId}-b7ad6b7169203331-01`,
    });
    expect(seen).toEqual([
      {
        at: expect.any(String),
        manager: 'here',
        eventId: 'registry:7',
        publisher: 'registry',
        entityType: 'PROJECT',
        entityId: 'p1',
        operation: 'UPDATE',
        version: '7',
        changedAt: '2027-01-15T08:00:00.000Z',
        size: expect.any(Number),
        traceId,
        destinations: ['search', 'sharing'],
      },
    ]);
  });

  it.each<[string, TailFilter, number]>([
    ['publisher', { publisher: 'registry' }, 3],
    ['entity type', { entityType: 'TENANT' }, 1],
    ['entity', { entityId: 'p2' }, 1],
    ['subscriber', { subscriber: 'search' }, 1],
    ['operation', { operation: 'DELETE' }, 1],
    ['all of them at once', { publisher: 'registry', entityType: 'PROJECT', entityId: 'p1', operation: 'UPDATE' }, 1],
    ['a publisher without events', { publisher: 'regis' }, 0],
  ])('The tail filters by %s', (_what, filter, count) => {
    const { seen } = watch(filter);
    here.pass(event());
    here.pass(event({ entityId: 'p2', crudType: 'DELETE' }), ['search', 'sharing']);
    here.pass(event({ entityType: 'TENANT', entityId: 't1' }));
    expect(seen).toHaveLength(count);
  });

  it('The tail shows the entity to a viewer that requests it, and no heartbeats', () => {
    const { seen } = watch({}, true);
    const other = watch();
    here.pass(event());
    here.pass(event({ isHeartbeat: true }));
    expect(seen).toMatchObject([{ entity: { projectID: 'p1', name: 'Engine' } }]);
    expect(other.seen).toHaveLength(1);
    expect(other.seen[0]).not.toHaveProperty('entity');
  });

  it('The tail reads the id of a legacy publisher’s entity from the entity', () => {
    const { seen } = watch({ entityId: 'p1' });
    here.pass(event({ entityId: undefined, version: undefined }));
    expect(seen).toMatchObject([{ entityId: 'p1' }]);
    expect(seen[0]).not.toHaveProperty('version');
  });

  it('The tail shows what other managers route, decoded here, until its viewer leaves', async () => {
    const { seen, leave } = watch({ entityId: 'p1' }, true);
    await vi.advanceTimersByTimeAsync(1_000);
    there.pass(event({ entityId: 'p2' }));
    there.pass(event());
    await vi.advanceTimersByTimeAsync(1_000);
    expect(seen).toMatchObject([{ manager: 'there', entityId: 'p1', entity: { name: 'Engine' } }]);
    leave();
    await vi.advanceTimersByTimeAsync(1_000);
    const sent = vi.spyOn(there.line, 'sendTo');
    there.pass(event());
    await vi.advanceTimersByTimeAsync(1_000);
    expect(sent).not.toHaveBeenCalled();
    expect(seen).toHaveLength(1);
  });

  it('The tail limits the events per second and reports how many it skipped', async () => {
    const { seen, skipped } = watch();
    for (let number = 0; number < 200; number += 1) here.pass(event());
    expect(seen).toHaveLength(50);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(skipped).toEqual([150]);
    here.pass(event());
    expect(seen).toHaveLength(51);
  });

  it('The tail limits the number of viewers, and ends their streams when it stops', () => {
    const watches = Array.from({ length: 20 }, () => watch());
    expect(() => watch()).toThrow(expect.objectContaining({ code: 'STREAMS_EXHAUSTED', retryable: true }));
    watches[0]?.leave();
    watch();
    here.tail.stop();
    for (const { sink } of watches) expect(sink.ended).toHaveBeenCalledTimes(1);
  });
});
