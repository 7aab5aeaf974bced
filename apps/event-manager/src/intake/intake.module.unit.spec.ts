import { encodeEvent, projectCodec } from '@dbem/entity-codec';
import { MapRollout } from '@dbem/subscription-registry';
import {
  ARRIVAL_HEADER,
  arrivalOf,
  batchMessage,
  decodeBatch,
  encodeElement,
  INTAKE_EXCHANGE,
  INTAKE_KEY,
  INTAKE_QUEUE,
  intakeMessage,
  MANAGER_QUEUE,
  parkedQueueOf,
  serviceQueueOf,
} from '@dbem/transport';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { InMemoryManager, OBSERVATION } from '../../../../test/support/manager/in-memory-manager';
import { waitFor } from '../../../../test/support/waiting/wait-for';
import { IdentityConfig } from '../access/identity/identity.config';
import { BrokerConfig } from '../config/broker.config';
import { TopologyReconciler } from '../topology/topology-reconciler';
import { EventIntake } from './event-intake';
import { IntakeConfig } from './intake.config';
import { IntakeModule } from './intake.module';

const entity = projectCodec.encode({ projectID: 'p1', owner: 'ada', gatewayId: 'seagrid', name: 'Engine' });
const body = encodeEvent({ publisher: 'registry', entityType: 'PROJECT', crudType: 'CREATE', entity });

describe('IntakeModule', () => {
  let manager: InMemoryManager;

  beforeEach(async () => {
    manager = await InMemoryManager.of([IntakeModule, OBSERVATION], {
      configs: [BrokerConfig, IdentityConfig, IntakeConfig],
    });
  });

  afterEach(async () => {
    await manager.stop();
  });

  it('IntakeModule declares the queue of a subscriber and forwards events to it', async () => {
    await manager.registry.put({ publisher: 'registry', subscriber: 'sharing' });
    await manager.start();
    await manager.broker.publish({ exchange: '', routingKey: MANAGER_QUEUE, body });
    await manager.broker.publish(intakeMessage({ body }));
    await waitFor(async () => (await manager.waitingIn(serviceQueueOf('sharing'))) === 2);
  });

  it('IntakeModule sends batches to a subscriber that reads them, and single messages to a legacy subscriber', async () => {
    const events = Array.from({ length: 5 }, () => encodeElement({ body, messageId: 'registry:1' }));
    await manager.registry.put({ publisher: 'registry', subscriber: 'sharing', messageFormat: 1 });
    await manager.registry.put({ publisher: 'registry', subscriber: 'old' });
    await manager.start();
    await manager.broker.publish(batchMessage(events, INTAKE_EXCHANGE, INTAKE_KEY));
    await waitFor(async () => (await manager.waitingIn(serviceQueueOf('old'))) === 5);
    const [batches = [], singles = []] = await Promise.all(
      ['sharing', 'old'].map((service) => manager.contentOf(serviceQueueOf(service))),
    );
    expect(batches.map((message) => decodeBatch(message.body).elements.map(({ encoded }) => encoded))).toEqual([
      events,
    ]);
    expect(singles.map((message) => [message.body, message.messageId])).toEqual(events.map(() => [body, 'registry:1']));
  });

  it('Events without a version get rising arrivals from the manager, and publishers can’t set one', async () => {
    const headers = { [ARRIVAL_HEADER]: '9' };
    await manager.registry.put({ publisher: 'registry', subscriber: 'sharing', messageFormat: 1 });
    await manager.start();
    const queue = serviceQueueOf('sharing');
    await waitFor(async () => (await manager.broker.topology.inspectQueue(queue)) !== undefined);
    await manager.broker.publish(intakeMessage({ body, headers }));
    await waitFor(async () => (await manager.waitingIn(queue)) === 1);
    for (let count = 0; count < 3; count += 1) {
      await manager.broker.publish({ exchange: '', routingKey: MANAGER_QUEUE, body, headers });
    }
    const elements = async () => (await manager.contentOf(queue)).flatMap((batch) => decodeBatch(batch.body).elements);
    await waitFor(async () => (await elements()).length === 4);
    const [batched, ...singles] = (await elements()).map(arrivalOf);
    expect(batched).toBeUndefined();
    const first = singles[0] ?? 0n;
    expect(singles).toEqual([first, first + 1n, first + 2n]);
    expect(first).toBeGreaterThan(9n);
  });

  it.each([
    [
      'A batch in the legacy publishers’ queue',
      () => ({ ...intakeMessage({ body }), exchange: '', routingKey: MANAGER_QUEUE }),
    ],
    ['A single message in the queue for batches', () => ({ exchange: '', routingKey: INTAKE_QUEUE, body })],
  ])('%s is parked', async (_what, message) => {
    await manager.start();
    await waitFor(async () => (await manager.broker.topology.inspectQueue(INTAKE_QUEUE)) !== undefined);
    await manager.broker.publish(message());
    const [parked] = await waitFor(async () => {
      const found = await manager.contentOf(parkedQueueOf('db.event'));
      return found.length > 0 && found;
    });
    expect(parked?.headers['x-dbem-reason-code']).toBe('MESSAGE_FORMAT_UNEXPECTED');
  });

  it('A corrupt element is parked, and its neighbours are forwarded', async () => {
    await manager.registry.put({ publisher: 'registry', subscriber: 'sharing', messageFormat: 1 });
    await manager.start();
    const [good, bad] = [encodeElement({ body }), encodeElement({ body, messageId: 'registry:2' })];
    bad.writeUInt16BE(60_000, 9);
    await manager.broker.publish(batchMessage([good, bad, good], INTAKE_EXCHANGE, INTAKE_KEY));
    await waitFor(async () => (await manager.waitingIn(parkedQueueOf('db.event'))) === 1);
    const [parked] = await manager.contentOf(parkedQueueOf('db.event'));
    expect([parked?.body, parked?.headers['x-dbem-reason-code']]).toEqual([bad, 'BATCH_MALFORMED']);
    const [batch] = await waitFor(async () => {
      const found = await manager.contentOf(serviceQueueOf('sharing'));
      return found.length > 0 && found;
    });
    expect(decodeBatch(batch?.body ?? Buffer.alloc(0)).elements).toHaveLength(2);
  });

  it('IntakeModule does not consume events before its map is current', async () => {
    vi.spyOn(manager.get(MapRollout), 'isCurrent', 'get').mockReturnValue(false);
    const consume = vi.spyOn(manager.broker, 'consume');
    await manager.start();
    await waitFor(async () => (await manager.broker.topology.inspectQueue(MANAGER_QUEUE)) !== undefined);
    const consumed = consume.mock.calls.map(([queue]) => queue);
    expect(consumed).not.toContain(MANAGER_QUEUE);
    expect(consumed).not.toContain(INTAKE_QUEUE);
  });

  it('IntakeModule stops consuming before the map rollout and the topology reconciler stop', async () => {
    await manager.start();
    const stopped: string[] = [];
    for (const part of [EventIntake, MapRollout, TopologyReconciler]) {
      const instance = manager.get<EventIntake | MapRollout | TopologyReconciler>(part);
      const stop = instance.stop.bind(instance);
      vi.spyOn(instance, 'stop').mockImplementation(async () => {
        await stop();
        stopped.push(part.name);
      });
    }
    await manager.stop();
    expect(stopped[0]).toBe('EventIntake');
    expect(stopped.slice(1).sort()).toEqual(['MapRollout', 'TopologyReconciler']);
  });
});
