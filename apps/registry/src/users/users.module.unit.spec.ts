import type { UserProfile } from '@dbem/entity-codec';
import type { ReplicaChange } from '@dbem/replica';
import { NotFoundException } from '@nestjs/common';
import { describe, expect, it } from 'vitest';
import { featureOf } from '../../../../test/support/nest/feature';
import { UserReplica } from './user.replica';
import { UsersController } from './users.controller';
import { UsersModule } from './users.module';

const CHANGE: ReplicaChange<UserProfile> = {
  publisher: 'user.profile',
  entityType: 'USER_PROFILE',
  entityId: 'ada@seagrid',
  entity: {
    userId: 'ada',
    gatewayId: 'seagrid',
    firstName: 'Ada',
    lastName: 'Lovelace',
    emails: [],
    state: 'ACTIVE',
    creationTime: 0n,
    lastAccessTime: 0n,
    validUntil: 0n,
  },
  crudType: 'UPDATE',
  version: 1n,
  changeTimeMs: 1,
  isFirst: false,
};

const ROW = { user_id: 'ada', gateway_id: 'seagrid', first_name: 'Ada', last_name: 'Lovelace', email: 'a@b' };

describe('UsersModule', () => {
  it('UsersModule applies changes in the given transaction, with one statement per table', async () => {
    const { module, database } = await featureOf(UsersModule);
    await module.get(UserReplica).upsert([CHANGE], database);
    expect(database.asked[0]?.sql).toContain('INSERT INTO registry_user (');
    expect(database.asked[0]?.params).toEqual([['ada'], ['seagrid'], ['Ada'], ['Lovelace'], [null]]);
    expect(database.acts).not.toContain('begin');
  });

  it('UsersModule responds with the rows of its replica, and with 404 for an unknown id', async () => {
    const { module, database } = await featureOf(UsersModule);
    const controller = module.get(UsersController);
    await expect(controller.get('seagrid', 'ada')).rejects.toThrow(NotFoundException);
    database.on('from "registry_user"', [ROW]);
    expect(await controller.list('seagrid', { limit: 50 })).toEqual({
      items: [{ id: 'ada', gatewayId: 'seagrid', firstName: 'Ada', lastName: 'Lovelace', email: 'a@b' }],
    });
    expect(await controller.get('seagrid', 'ada')).toMatchObject({
      id: 'ada',
      gatewayId: 'seagrid',
      firstName: 'Ada',
      lastName: 'Lovelace',
      email: 'a@b',
    });
  });
});
