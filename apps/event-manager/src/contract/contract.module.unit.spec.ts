import { expect, it } from 'vitest';
import { InMemoryManager } from '../../../../test/support/manager/in-memory-manager';
import { ZooKeeperConfig } from '../config/zookeeper.config';
import { ContractModule } from './contract.module';
import { ContractService } from './contract.service';
import { InMemorySchemaStore } from './in-memory-schema-store';
import { SchemaStore } from './schema-store';

const idl = (fields: string) => `struct Project { ${fields} }`;

it('ContractModule compares a schema with the registered one and lists the subscribers', async () => {
  const manager = await InMemoryManager.of([ContractModule], {
    configs: [ZooKeeperConfig],
    replace: (builder) => builder.overrideProvider(SchemaStore).useClass(InMemorySchemaStore),
  });
  await manager.registry.put({ publisher: 'registry', subscriber: 'sharing' });
  await manager.start();
  const contract = manager.get(ContractService);
  const key = { publisher: 'registry', entityType: 'PROJECT' } as const;
  await contract.register(key, { struct: 'Project', idl: idl('1: required string id') }, 'ada');
  const result = await contract.check(key, { struct: 'Project', idl: idl('1: required i64 id') });
  expect(result).toMatchObject({ against: 1, isCompatible: false, subscribers: ['sharing'] });
  await manager.stop();
});
