import { NotImplementedException } from '@nestjs/common';
import { expect, it } from 'vitest';
import { InMemoryManager } from '../../../../../test/support/manager/in-memory-manager';
import { BrokerUsersController } from './broker-users.controller';
import { BrokerUsersModule } from './broker-users.module';

it('BrokerUsersModule rejects requests while the broker’s management API is not configured', async () => {
  const manager = await InMemoryManager.of([BrokerUsersModule]);
  await expect(manager.get(BrokerUsersController).remove('sharing')).rejects.toThrow(NotImplementedException);
  await manager.stop();
});
