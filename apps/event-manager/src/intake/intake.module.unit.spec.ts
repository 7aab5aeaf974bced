import { encodeEvent, projectCodec } from '@dbem/entity-codec';
import { MapRollout } from '@dbem/subscription-registry';
import { MANAGER_QUEUE, serviceQueueOf } from '@dbem/transport';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { InMemoryManager, OBSERVATION } from '../../../../test/support/manager/in-memory-manager';
import { waitFor } from '../../../../test/support/waiting/wait-for';
import { IdentityConfig } from '../access/identity/identity.config';
import { BrokerConfig } from '../config/broker.config';
import { EventIntake } from './event-intake';
import { IntakeConfig } from './intake.config';
import { IntakeModule } from './intake.module';
import { TopologyReconciler } from './topology/topology-reconciler';

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
    await waitFor(async () => (await manager.waitingIn(serviceQueueOf('sharing'))) === 1);
  });

  it('IntakeModule does not consume events before its map is current', async () => {
    vi.spyOn(manager.get(MapRollout), 'isCurrent', 'get').mockReturnValue(false);
    const consume = vi.spyOn(manager.broker, 'consume');
    await manager.start();
    await waitFor(async () => (await manager.broker.topology.inspectQueue(MANAGER_QUEUE)) !== undefined);
    expect(consume.mock.calls.map(([queue]) => queue)).not.toContain(MANAGER_QUEUE);
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
