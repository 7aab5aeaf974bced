// Writes users with pg-transactional-outbox: the row and the outbox message in one transaction.
import { randomUUID } from 'node:crypto';
import { Pool } from 'pg';
import { getDisabledLogger, initializeMessageStorage } from 'pg-transactional-outbox';
import { Gate, writeChanges } from '../drivers/write-changes.ts';
import { runProgram } from '../harness/run-program.ts';
import { outboxConfig } from './outbox-config.mjs';
import { payloadOf } from './payload.mjs';

await runProgram(async (config) => {
  const pool = new Pool({ connectionString: config.databaseUrl, max: config.writers });
  const store = initializeMessageStorage(outboxConfig(config), getDisabledLogger());
  const gate = new Gate();
  const inTransaction = async (client, changes) => {
    for (const { index, user } of changes) {
      const message = {
        id: randomUUID(),
        aggregateType: 'user',
        aggregateId: user.userId,
        messageType: 'user_updated',
        segment: user.userId,
        concurrency: 'parallel',
        payload: payloadOf(user, index),
        createdAt: new Date().toISOString(),
      };
      await store(message, client);
    }
  };
  return {
    go: () => writeChanges(pool, config, { inTransaction }, gate),
    async stop() {
      gate.end();
      await pool.end();
    },
  };
});
