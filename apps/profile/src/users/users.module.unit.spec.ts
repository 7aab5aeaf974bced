import { ConflictException, NotFoundException } from '@nestjs/common';
import { describe, expect, it } from 'vitest';
import { featureOf } from '../../../../test/support/nest/feature';
import { USER_COLUMNS, type UserRow } from './user.columns';
import { UsersController } from './users.controller';
import { UsersModule } from './users.module';

const ADA = {
  userId: 'ada',
  gatewayId: 'seagrid',
  firstName: 'Ada',
  lastName: 'Lovelace',
  emails: ['ada@example.org'],
};

const EMPTY = Object.fromEntries(Object.values(USER_COLUMNS).map((column) => [column, null]));
const ROW = {
  ...EMPTY,
  user_id: 'ada',
  gateway_id: 'seagrid',
  first_name: 'Ada',
  last_name: 'Lovelace',
  emails: ['ada@example.org'],
  state: 'ACTIVE',
  created_ms: '1',
  last_access_ms: '2',
  valid_until_ms: '0',
} as UserRow;

async function users() {
  const { module, database, changes } = await featureOf(UsersModule);
  return { controller: module.get(UsersController), database, changes };
}

describe('UsersModule', () => {
  it('UsersModule writes a new user and publishes it in one transaction', async () => {
    const { controller, database, changes } = await users();
    database.on('insert into "profile_user"', [ROW]);
    const times = { creationTime: 1, lastAccessTime: 2, validUntil: 0 };
    expect(await controller.create(ADA)).toEqual({ ...ADA, ...times, state: 'ACTIVE' });
    expect(database.acts).toEqual(['begin', 'insert into', 'PUBLISH CREATE', 'commit']);
    const published = { airavataInternalUserId: 'ada@seagrid', creationTime: 1n, lastAccessTime: 2n, validUntil: 0n };
    expect(changes.published).toEqual([{ crudType: 'CREATE', entity: { ...ADA, ...published, state: 'ACTIVE' } }]);
  });

  it('UsersModule clears each detail that a PUT omits', async () => {
    const { controller, database } = await users();
    database.on('update "profile_user"', [ROW]);
    await controller.replace('seagrid', 'ada', { firstName: 'Ada', lastName: 'Lovelace', emails: [] });
    const { sql = '', params = [] } = database.asked.find((one) => one.sql.startsWith('update')) ?? {};
    const place = Number(/"time_zone" = \$(\d+)/.exec(sql)?.[1]);
    expect(params[place - 1]).toBeNull();
    expect(sql).not.toMatch(/"created_ms" =|"user_id" = .* where/);
  });

  it('UsersModule rejects a second user with the same id with a conflict, and publishes nothing', async () => {
    const { controller, database } = await users();
    database.on('insert into "profile_user"', Object.assign(new Error('duplicate key'), { code: '23505' }));
    await expect(controller.create(ADA)).rejects.toThrow(ConflictException);
    expect(database.acts).toEqual(['begin', 'insert into', 'rollback']);
  });

  it('UsersModule rolls back the delete of a user that does not exist', async () => {
    const { controller, database } = await users();
    await expect(controller.delete('seagrid', 'ada')).rejects.toThrow(NotFoundException);
    expect(database.acts).toEqual(['begin', 'delete from', 'rollback']);
  });
});
