// Prints the SQL statements that pg-transactional-outbox requires, as JSON.
import { DatabaseSetup } from 'pg-transactional-outbox';

const { slot, publication } = JSON.parse(process.argv[2]);
const config = {
  outboxOrInbox: 'outbox',
  database: 'unused',
  schema: 'public',
  table: 'outbox',
  listenerRole: 'postgres',
  handlerRole: 'postgres',
  publication,
  replicationSlot: slot,
  nextMessagesSchema: 'public',
  nextMessagesName: 'next_outbox_messages',
};
console.log(
  JSON.stringify({
    tables: [
      DatabaseSetup.dropAndCreateTable(config),
      DatabaseSetup.createPollingFunction(config),
      DatabaseSetup.setupPollingIndexes(config),
      DatabaseSetup.setupReplicationCore(config),
    ],
    slot: DatabaseSetup.setupReplicationSlot(config),
  }),
);
