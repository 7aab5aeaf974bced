import { DbEventError } from '@dbem/db-event';
import { decodeMessage, encodeEvent, projectCodec } from '@dbem/entity-codec';
import { pause } from '@dbem/runtime';
import {
  BATCH_CONTENT_TYPE,
  batchMessage,
  declareOverflowQueue,
  decodeBatch,
  encodeElement,
  INTAKE_EXCHANGE,
  INTAKE_KEY,
  overflowQueueOf,
  pausedQueueOf,
  serviceQueueOf,
  WAITING_DIRECTORY_QUEUE,
  waitingElement,
} from '@dbem/transport';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { InMemoryManager, OBSERVATION } from '../../../../test/support/manager/in-memory-manager';
import { waitFor } from '../../../../test/support/waiting/wait-for';
import { IdentityConfig } from '../access/identity/identity.config';
import { BrokerConfig } from '../config/broker.config';
import { IntakeConfig } from '../intake/intake.config';
import { IntakeModule } from '../intake/intake.module';
import { IntakeObserver } from '../intake/intake-observer.port';
import { EventForwarder } from './event-forwarder';
import { WaitingDirectory } from './waiting-directory';

const entity = projectCodec.encode({ projectID: 'p1', owner: 'ada', gatewayId: 'gw', name: 'n' });
const body = encodeEvent({ publisher: 'registry', entityType: 'PROJECT', crudType: 'CREATE', entity });
const EVENTS = 5;

describe('EventForwarder', () => {
  let manager: InMemoryManager;
  let refusing: Set<string>;
  let refused: number;
  let delayMs: Map<string, number>;
  let sentTo: { queue: string; events: number }[];

  beforeEach(async () => {
    manager = await InMemoryManager.of([IntakeModule, OBSERVATION], {
      configs: [BrokerConfig, IdentityConfig, IntakeConfig],
    });
    refusing = new Set();
    refused = 0;
    delayMs = new Map();
    sentTo = [];
    const publish = manager.broker.publish.bind(manager.broker);
    vi.spyOn(manager.broker, 'publish').mockImplementation(async (message) => {
      const events = message.contentType === BATCH_CONTENT_TYPE ? decodeBatch(message.body).elements.length : 1;
      sentTo.push({ queue: message.routingKey, events });
      if (refusing.has(message.routingKey)) {
        refused += 1;
        throw new DbEventError('MESSAGE_REJECTED', 'the queue is full', { retryable: true });
      }
      const delay = delayMs.get(message.routingKey);
      if (delay !== undefined) await pause(delay);
      await publish(message);
    });
    for (const subscriber of ['well', 'full']) {
      await manager.registry.put({ publisher: 'registry', subscriber, messageFormat: 1 });
    }
    await manager.start();
    await waitFor(async () => (await manager.broker.topology.inspectQueue(serviceQueueOf('full'))) !== undefined);
  });

  afterEach(() => manager.stop());

  const publishEvents = () =>
    manager.broker.publish(
      batchMessage(
        Array.from({ length: EVENTS }, () => encodeElement({ body })),
        INTAKE_EXCHANGE,
        INTAKE_KEY,
      ),
    );
  const eventsIn = async (service: string) =>
    (await manager.contentOf(serviceQueueOf(service))).flatMap((message) => decodeBatch(message.body).elements).length;

  const FULL = serviceQueueOf('full');
  const overflowed = async () =>
    (await manager.contentOf(overflowQueueOf(FULL))).flatMap(({ body: batch }) => decodeBatch(batch).elements).length;
  const unavailable = () => manager.get<EventForwarder>(EventForwarder).unavailable;

  it('The events of a queue that refuses are acknowledged, wait in its overflow queue, and get there when it takes them', async () => {
    const forwarded = vi.spyOn(manager.get<IntakeObserver>(IntakeObserver), 'forwarded');
    refusing.add(FULL);
    await publishEvents();
    await waitFor(() => forwarded.mock.calls.length === EVENTS, { what: 'the events to be acknowledged' });
    expect(refused).toBeGreaterThan(0);
    expect([await eventsIn('well'), await eventsIn('full')]).toEqual([EVENTS, 0]);
    expect(unavailable()).toEqual([
      { service: 'full', queue: FULL, cause: 'refuses', sinceMs: expect.closeTo(Date.now(), -5) },
    ]);
    refusing.clear();
    await waitFor(async () => (await eventsIn('full')) === EVENTS);
    await waitFor(() => unavailable().length === 0);
    expect([await eventsIn('well'), await eventsIn('full')]).toEqual([EVENTS, EVENTS]);
  });

  it('New events do not go to a queue that refuses, and its probes are the oldest events, one at a time', async () => {
    refusing.add(FULL);
    await publishEvents();
    await waitFor(() => unavailable().length === 1);
    const before = refused;
    sentTo.length = 0;
    for (let round = 0; round < 5; round += 1) await publishEvents();
    await waitFor(async () => (await eventsIn('well')) === 6 * EVENTS);
    await waitFor(() => refused > before + 1, { what: 'two probes' });
    expect(new Set(sentTo.filter(({ queue }) => queue === FULL).map(({ events }) => events))).toEqual(new Set([1]));
    refusing.clear();
    await waitFor(async () => (await eventsIn('full')) === 6 * EVENTS);
  });

  it('Events that wait for a service are dropped when it unsubscribes', async () => {
    refusing.add(FULL);
    await publishEvents();
    await waitFor(() => unavailable().length === 1);
    await manager.registry.remove('registry', 'full');
    await waitFor(() => unavailable().length === 0, { what: 'the overflow queue to be empty' });
    refusing.clear();
    expect([await eventsIn('well'), await eventsIn('full'), await overflowed()]).toEqual([EVENTS, 0, 0]);
  });

  it('A legacy service, which has no version gate, gets its events in their order, also after its queue refused some', async () => {
    const LEGACY = serviceQueueOf('legacy');
    await manager.registry.put({ publisher: 'registry', subscriber: 'legacy' });
    await waitFor(async () => (await manager.broker.topology.inspectQueue(LEGACY)) !== undefined);
    let last = 0;
    const publishNext = async () => {
      last += 1;
      const numbered = projectCodec.encode({ projectID: `p${last}`, owner: 'ada', gatewayId: 'gw', name: 'n' });
      const next = encodeEvent({ publisher: 'registry', entityType: 'PROJECT', crudType: 'CREATE', entity: numbered });
      await manager.broker.publish(batchMessage([encodeElement({ body: next })], INTAKE_EXCHANGE, INTAKE_KEY));
    };
    refusing.add(LEGACY);
    // One by one, so that more messages wait in the overflow queue than the manager takes in hand.
    for (let count = 0; count < 60; count += 1) {
      await publishNext();
      await pause(2);
    }
    expect(unavailable()).toHaveLength(1);
    // Slow enough that new events come while older ones are still in the overflow queue.
    delayMs.set(LEGACY, 50);
    refusing.clear();
    while (unavailable().length > 0) {
      await publishNext();
      await pause(5);
    }
    for (let count = 0; count < 20; count += 1) await publishNext();
    const numbers = async () =>
      (await manager.contentOf(LEGACY)).map(({ body: single }) => {
        const message = decodeMessage(single);
        if (message.kind !== 'event') throw new Error('not an event');
        return Number(projectCodec.decode(message.event.entity).projectID.slice(1));
      });
    await waitFor(async () => (await numbers()).length >= last);
    expect(await numbers()).toEqual(Array.from({ length: last }, (_, index) => index + 1));
  });

  it('A queue that was deleted is declared again, and gets its events', async () => {
    await manager.broker.topology.deleteQueue(FULL);
    expect(await manager.broker.topology.inspectQueue(FULL)).toBeUndefined();
    await publishEvents();
    await waitFor(async () => (await eventsIn('full')) === EVENTS);
    expect(await eventsIn('well')).toBe(EVENTS);
    expect(unavailable()).toEqual([]);
  });

  it('The events of a queue that can’t be declared wait in its overflow queue', async () => {
    let isDown = true;
    const declareQueue = manager.broker.topology.declareQueue.bind(manager.broker.topology);
    vi.spyOn(manager.broker.topology, 'declareQueue').mockImplementation(async (queue) => {
      if (queue.name === FULL && isDown) throw new DbEventError('BROKER_UNAVAILABLE', 'its node is down');
      await declareQueue(queue);
    });
    await manager.broker.topology.deleteQueue(FULL);
    await publishEvents();
    await waitFor(() => unavailable()[0]?.cause === 'missing');
    await waitFor(async () => (await eventsIn('well')) === EVENTS);
    isDown = false;
    await waitFor(async () => (await eventsIn('full')) === EVENTS);
  });

  it('A queue that confirms so late that it fills the intake’s window gets no events directly, and others get theirs', async () => {
    delayMs.set(FULL, 4_000);
    let rounds = 0;
    while (unavailable()[0]?.cause !== 'slow') {
      await publishEvents();
      rounds += 1;
      await pause(20);
    }
    await waitFor(async () => (await eventsIn('well')) === rounds * EVENTS);
    expect(await eventsIn('full')).toBeLessThan(rounds * EVENTS);
    delayMs.clear();
    await waitFor(async () => (await eventsIn('full')) >= rounds * EVENTS);
  });

  it('A manager stops although neither a queue nor its overflow queue takes the event that it tries the queue with', async () => {
    const declareQueue = manager.broker.topology.declareQueue.bind(manager.broker.topology);
    vi.spyOn(manager.broker.topology, 'declareQueue').mockImplementation(async (queue) => {
      if (queue.name === overflowQueueOf(FULL)) throw new DbEventError('BROKER_UNAVAILABLE', 'no quorum');
      await declareQueue(queue);
    });
    refusing.add(FULL);
    await publishEvents();
    await waitFor(() => unavailable().length === 1);
    // The next probe gets no answer while the test runs.
    delayMs.set(FULL, 600_000);
    sentTo = [];
    refusing.clear();
    await waitFor(() => sentTo.some(({ queue }) => queue === FULL), { what: 'a probe' });
    await manager.stop();
  });

  it('Events that neither a queue nor its overflow queue takes wait in the fallback queue, and delay no others', async () => {
    const forwarded = vi.spyOn(manager.get<IntakeObserver>(IntakeObserver), 'forwarded');
    refusing.add(FULL).add(overflowQueueOf(FULL));
    for (let round = 0; round < 3; round += 1) await publishEvents();
    await waitFor(() => forwarded.mock.calls.length === 3 * EVENTS, { what: 'the events to be acknowledged' });
    expect([await eventsIn('well'), await eventsIn('full'), await overflowed()]).toEqual([3 * EVENTS, 0, 0]);
    refusing.delete(FULL);
    await waitFor(async () => (await eventsIn('full')) >= 3 * EVENTS);
    await waitFor(() => unavailable().length === 0);
    expect(await eventsIn('well')).toBe(3 * EVENTS);
  });

  it('In the fallback queue, events for a queue that refuses do not hold up those for another one', async () => {
    const OTHER = serviceQueueOf('other');
    await manager.registry.put({ publisher: 'registry', subscriber: 'other', messageFormat: 1 });
    await waitFor(async () => (await manager.broker.topology.inspectQueue(OTHER)) !== undefined);
    refusing.add(FULL).add(overflowQueueOf(FULL));
    // More messages than the manager takes in hand.
    for (let count = 0; count < 60; count += 1) {
      await publishEvents();
      await pause(2);
    }
    await waitFor(async () => (await eventsIn('other')) === 60 * EVENTS);
    refusing.add(OTHER).add(overflowQueueOf(OTHER));
    await publishEvents();
    await waitFor(() => unavailable().length === 2);
    refusing.delete(OTHER);
    refusing.delete(overflowQueueOf(OTHER));
    await waitFor(async () => (await eventsIn('other')) >= 61 * EVENTS);
    expect(await eventsIn('full')).toBe(0);
  });

  it('The end of a queue’s outage does not end the pause of a subscription to it', async () => {
    const pauses = [{ by: 'ada', sinceMs: 1 }];
    refusing.add(FULL);
    await publishEvents();
    await waitFor(() => unavailable().length === 1);
    const before = refused;
    await waitFor(() => refused > before + 1, { what: 'probes with events from the overflow queue' });
    await manager.registry.update('registry', 'full', (present) => ({ ...present, pauses }));
    await publishEvents();
    const paused = async () =>
      (await manager.contentOf(pausedQueueOf('registry', 'full'))).flatMap(
        ({ body: batch }) => decodeBatch(batch).elements,
      ).length;
    refusing.clear();
    await waitFor(() => unavailable().length === 0, { what: 'the outage to end' });
    await waitFor(async () => (await paused()) === 2 * EVENTS);
    expect(await eventsIn('full')).toBe(0);
    await manager.registry.update('registry', 'full', (present) => ({ ...present, pauses: [] }));
    await waitFor(async () => (await eventsIn('full')) === 2 * EVENTS);
  });

  it('Events that waited for a subscription are dropped when it was removed and created again', async () => {
    refusing.add(FULL);
    await publishEvents();
    await waitFor(async () => unavailable().length === 1 && (await eventsIn('well')) === EVENTS);
    await manager.registry.remove('registry', 'full');
    await manager.registry.put({ publisher: 'registry', subscriber: 'full', messageFormat: 1 });
    refusing.clear();
    await waitFor(() => unavailable().length === 0);
    await waitFor(async () => (await overflowed()) === 0);
    await publishEvents();
    await waitFor(async () => (await eventsIn('well')) === 2 * EVENTS && (await eventsIn('full')) >= EVENTS);
    expect(await eventsIn('full')).toBe(EVENTS);
  });

  it('A manager finds the events that another one left in an overflow queue', async () => {
    const queue = overflowQueueOf(FULL);
    await declareOverflowQueue(manager.broker.topology, FULL);
    await manager.broker.publish(
      batchMessage([waitingElement(encodeElement({ body }), { recipient: 'full' })], '', queue),
    );
    await manager.broker.publish({
      exchange: '',
      routingKey: WAITING_DIRECTORY_QUEUE,
      body: Buffer.from(JSON.stringify({ service: 'full', queue: FULL })),
    });
    await manager.get<WaitingDirectory>(WaitingDirectory).read();
    await waitFor(async () => (await eventsIn('full')) === 1);
    expect(await overflowed()).toBe(0);
  });
});
