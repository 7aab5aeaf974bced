import { expect, it } from 'vitest';
import { InMemoryManager, OBSERVATION } from '../../../../test/support/manager/in-memory-manager';
import { waitFor } from '../../../../test/support/waiting/wait-for';
import { IdentityConfig } from '../access/identity/identity.config';
import { BrokerConfig } from '../config/broker.config';
import { IntakeConfig } from '../intake/intake.config';
import { IntakeModule } from '../intake/intake.module';
import { ManagerHealth } from './manager-health';
import { ManagerHealthModule } from './manager-health.module';

it('ManagerHealthModule reports the intake as down until events are consumed, and lists expired subscribers', async () => {
  const manager = await InMemoryManager.of([ManagerHealthModule, IntakeModule, OBSERVATION], {
    configs: [BrokerConfig, IdentityConfig, IntakeConfig],
  });
  const { intake, subscriptionMap } = manager.get(ManagerHealth).indicators;
  expect(await intake?.()).toEqual({ isUp: false, details: { isSuspended: true } });
  const subscription = { publisher: 'profile', subscriber: 'sharing' };
  await manager.registry.put(subscription);
  const expiry = { sinceMs: 1, state: 'dropped' } as const;
  await manager.registry.update('profile', 'sharing', (present) => ({ ...present, expiry }));
  await manager.start();
  await waitFor(async () => (await intake?.())?.isUp === true);
  expect(await subscriptionMap?.()).toMatchObject({ isUp: true, details: { expired: ['sharing'] } });
  await manager.stop();
});
