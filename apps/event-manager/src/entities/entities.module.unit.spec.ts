import { expect, it } from 'vitest';
import { InMemoryManager } from '../../../../test/support/manager/in-memory-manager';
import { EntitiesModule } from './entities.module';
import { EntityService } from './entity.service';

it('EntitiesModule reports each subscriber of an entity, including unreachable ones', async () => {
  const manager = await InMemoryManager.of([EntitiesModule]);
  await manager.registry.put({ publisher: 'registry', subscriber: 'sharing' });
  await manager.registry.put({ publisher: 'registry', subscriber: 'other', entityTypes: ['TENANT'] });
  await manager.start();
  const key = { publisher: 'registry', entityType: 'PROJECT', entityId: 'p1' } as const;
  const { services } = await manager.get(EntityService).report(key);
  expect(services).toMatchObject([{ service: 'sharing', state: 'unreachable' }]);
  await manager.stop();
});
