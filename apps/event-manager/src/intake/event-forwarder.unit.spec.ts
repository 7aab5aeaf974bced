import { DbEventError } from '@dbem/db-event';
import { encodeEvent, projectCodec } from '@dbem/entity-codec';
import { batchMessage, decodeBatch, encodeElement, INTAKE_EXCHANGE, INTAKE_KEY, serviceQueueOf } from '@dbem/transport';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { InMemoryManager, OBSERVATION } from '../../../../test/support/manager/in-memory-manager';
import { waitFor } from '../../../../test/support/waiting/wait-for';
import { IdentityConfig } from '../access/identity/identity.config';
import { BrokerConfig } from '../config/broker.config';
import { IntakeConfig } from './intake.config';
import { IntakeModule } from './intake.module';
import { IntakeObserver } from './intake-observer.port';

const entity = projectCodec.encode({ projectID: 'p1', owner: 'ada', gatewayId: 'gw', name: 'n' });
const body = encodeEvent({ publisher: 'registry', entityType: 'PROJECT', crudType: 'CREATE', entity });
const EVENTS = 5;

describe('EventForwarder', () => {
  let manager: InMemoryManager;
  let refusing: Set<string>;
  let refused: number;

  beforeEach(async () => {
    manager = await InMemoryManager.of([IntakeModule, OBSERVATION], {
      configs: [BrokerConfig, IdentityConfig, IntakeConfig],
    });
    refusing = new Set();
    refused = 0;
    const publish = manager.broker.publish.bind(manager.broker);
    vi.spyOn(manager.broker, 'publish').mockImplementation(async (message) => {
      if (refusing.has(message.routingKey)) {
        refused += 1;
        throw new DbEventError('MESSAGE_REJECTED', 'the queue is full', { retryable: true });
      }
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

  it('A queue that refuses gets its events again until it takes them, and the others get theirs once', async () => {
    refusing.add(serviceQueueOf('full'));
    await publishEvents();
    await waitFor(() => refused > 2, { what: 'the queue to refuse several times' });
    expect([await eventsIn('well'), await eventsIn('full')]).toEqual([EVENTS, 0]);
    refusing.clear();
    await waitFor(async () => (await eventsIn('full')) === EVENTS);
    expect(await eventsIn('well')).toBe(EVENTS);
  });

  it('The events of a service that unsubscribes while its queue refuses are dropped', async () => {
    const forwarded = vi.spyOn(manager.get<IntakeObserver>(IntakeObserver), 'forwarded');
    refusing.add(serviceQueueOf('full'));
    await publishEvents();
    await waitFor(() => refused > 0, { what: 'the queue to refuse' });
    expect(forwarded).not.toHaveBeenCalled();
    await manager.registry.remove('registry', 'full');
    await waitFor(() => forwarded.mock.calls.length === EVENTS, { what: 'the events to have no destination left' });
    refusing.clear();
    expect([await eventsIn('well'), await eventsIn('full')]).toEqual([EVENTS, 0]);
  });

  it('A queue that was deleted is declared again, and gets its events', async () => {
    await manager.broker.topology.deleteQueue(serviceQueueOf('full'));
    expect(await manager.broker.topology.inspectQueue(serviceQueueOf('full'))).toBeUndefined();
    await publishEvents();
    await waitFor(async () => (await eventsIn('full')) === EVENTS);
    expect(await eventsIn('well')).toBe(EVENTS);
  });
});
