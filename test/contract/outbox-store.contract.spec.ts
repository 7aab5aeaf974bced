import { randomBytes } from 'node:crypto';
import type { Dependency } from '@dbem/db-event';
import { projectCodec } from '@dbem/entity-codec';
import { InMemoryOutboxStore, OutboxChangePublisher, PostgresOutboxStore, raiseEpoch, updated } from '@dbem/outbox';
import { inTransaction } from '@dbem/postgres';
import { freshDatabase } from '../support/servers/fresh-database';
import { describeOutboxStore } from './outbox-store.contract';

const PROJECT = { projectID: 'p', owner: 'ada', gatewayId: 'gw', name: 'n' };

/** Its version is too large for an exact JSON number. */
const OWNER: Dependency = {
  publisher: 'user.profile',
  entityType: 'USER_PROFILE',
  entityId: 'ada@gw',
  minimumVersion: 2n ** 53n + 1n,
};

describeOutboxStore('InMemoryOutboxStore', async () => {
  const store = new InMemoryOutboxStore();
  const fixed = { entityType: 'PROJECT', entityId: 'p', crudType: 'UPDATE', changeTimeMs: 1 } as const;
  const append = async (entity: Buffer, versions: readonly bigint[]) =>
    store.append(...versions.map((version) => ({ ...fixed, version, entity })));
  return {
    store,
    append: (...versions) => append(projectCodec.encode(PROJECT), versions),
    appendSized: (bytes, ...versions) => append(Buffer.alloc(bytes), versions),
    tearDown: async () => {},
  };
});

describeOutboxStore('PostgresOutboxStore', async () => {
  const { pool, drop } = await freshDatabase('outbox');
  // Assigned versions are far above those of the tests.
  await raiseEpoch(pool);
  const publisher = new OutboxChangePublisher('registry');
  const append = (versions: readonly bigint[], entity: Buffer | null) =>
    inTransaction(pool, async (client) => {
      const changes = versions.map(() => updated(projectCodec, PROJECT, { dependsOn: [OWNER] }));
      const published = await publisher.publishAll(client, changes);
      // As if these versions had been assigned.
      await client.query(
        `UPDATE db_event.outbox SET version = wanted, entity = coalesce($3::bytea, entity)
         FROM unnest($1::bigint[], $2::bigint[]) AS pair (assigned, wanted) WHERE version = assigned`,
        [published.map(({ version }) => String(version)), versions.map(String), entity],
      );
    });
  return {
    store: new PostgresOutboxStore(pool),
    append: (...versions) => append(versions, null),
    // Random bytes can't be compressed: their size in the table is their size.
    appendSized: (bytes, ...versions) => append(versions, randomBytes(bytes)),
    tearDown: drop,
  };
});
