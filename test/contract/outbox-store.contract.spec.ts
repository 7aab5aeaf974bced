import { InMemoryOutboxStore, outboxMigrations, PostgresOutboxStore } from '@dbem/outbox';
import { migrate } from '@dbem/platform';
import { freshDatabase } from '../support';
import { describeOutboxStore } from './outbox-store.contract';

describeOutboxStore('InMemoryOutboxStore', async () => {
  const store = new InMemoryOutboxStore();
  return {
    store,
    append: async (...versions) => {
      const fixed = { entityType: 'PROJECT', entityId: 'p', crudType: 'UPDATE', changeTimeMs: 1 } as const;
      store.append(...versions.map((version) => ({ ...fixed, version, entity: Buffer.from([1, 2]) })));
    },
    tearDown: async () => {},
  };
});

describeOutboxStore('PostgresOutboxStore', async () => {
  const { pool, drop } = await freshDatabase();
  await migrate(pool, outboxMigrations);
  return {
    store: new PostgresOutboxStore(pool),
    append: async (...versions) => {
      await pool.query(
        `WITH appended AS (
           INSERT INTO db_event.outbox (version, entity_type, entity_id, crud_type, entity, dependencies)
           SELECT version, 'PROJECT', 'p', 'UPDATE', '\\x0102', '[["user.profile", "USER_PROFILE", "u@g", "9007199254740993"]]'
           FROM unnest($1::bigint[]) version RETURNING 1
         )
         SELECT pg_notify('db_event_outbox', '') FROM appended`,
        [versions.map(String)],
      );
    },
    tearDown: drop,
  };
});
