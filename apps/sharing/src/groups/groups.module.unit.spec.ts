import { ConflictException } from '@nestjs/common';
import { describe, expect, it } from 'vitest';
import { featureOf } from '../../../../test/support/nest/feature';
import { GroupsController } from './groups.controller';
import { GroupsModule } from './groups.module';

const CHEMISTS = { name: 'Chemists', ownerId: 'ada@seagrid' };
const ROW = {
  domain_id: 'seagrid',
  group_id: 'g',
  name: 'Chemists',
  owner_id: 'ada@seagrid',
  description: null,
  members: [],
  admins: [],
  created_at: new Date(0),
};

describe('GroupsModule', () => {
  it('GroupsModule publishes a group in the transaction that writes it, with the users that sharing has as dependencies', async () => {
    const { module, database, changes } = await featureOf(GroupsModule);
    database.on('insert into "sharing_group"', [ROW]);
    database.on('db_event.replica_version', [{ entity_id: 'ada@seagrid', version: '5' }]);
    const group = { ...CHEMISTS, id: 'g', members: [], admins: [] };
    expect(await module.get(GroupsController).create('seagrid', CHEMISTS)).toEqual({ ...group, domainId: 'seagrid' });
    expect(database.acts).toEqual(['begin', 'insert into', 'SELECT entity_id,', 'PUBLISH CREATE', 'commit']);
    const owner = {
      publisher: 'user.profile',
      entityType: 'USER_PROFILE',
      entityId: 'ada@seagrid',
      minimumVersion: 5n,
    };
    expect(changes.published).toEqual([{ crudType: 'CREATE', entity: group, dependsOn: [owner] }]);
  });

  it('GroupsModule rejects a second group with the same name with a conflict', async () => {
    const { module, database } = await featureOf(GroupsModule);
    database.on('update "sharing_group"', Object.assign(new Error('duplicate key'), { code: '23505' }));
    const replaced = module.get(GroupsController).replace('seagrid', 'g', CHEMISTS);
    await expect(replaced).rejects.toThrow(ConflictException);
    expect(database.acts.at(-1)).toBe('rollback');
  });
});
