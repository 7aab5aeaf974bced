import { pause, SILENT_LOG } from '@dbem/runtime';
import { INTAKE_QUEUE, InMemoryBroker } from '@dbem/transport';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InMemorySubscriptionRegistry } from '../in-memory/in-memory-subscription-registry';
import { MapRollout } from './map-rollout';
import { RolloutChannel } from './rollout-channel';

/** Less than the deadline of a rollout. */
const SOON_MS = 5_000;

describe('MapRollout', () => {
  let broker: InMemoryBroker;
  let registry: InMemorySubscriptionRegistry;
  let rollout: MapRollout;

  beforeEach(async () => {
    broker = new InMemoryBroker();
    await broker.start();
    await broker.topology.declareQueue({ name: INTAKE_QUEUE, kind: 'quorum' });
    registry = new InMemorySubscriptionRegistry();
    await registry.start();
    rollout = new MapRollout(registry, broker, new RolloutChannel(broker, SILENT_LOG), SILENT_LOG);
  });

  afterEach(async () => {
    await rollout.stop();
    await registry.stop();
    await broker.stop();
  });

  it('A rollout includes a manager that the broker counts as a consumer before it is registered completely', async () => {
    let registration: string | undefined;
    rollout.setRegistration(() => registration);
    await rollout.start();
    broker.consume(INTAKE_QUEUE, async () => {});
    const startedAtMs = performance.now();
    const rolledOut = rollout.rollOut('registry');
    await pause(300);
    registration = '1';
    await rolledOut;
    expect(performance.now() - startedAtMs).toBeLessThan(SOON_MS);
  });
});
