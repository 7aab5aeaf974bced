// The naive approach: commits the row, then emits an event to each service's queue.
import { ClientProxyFactory, Transport } from '@nestjs/microservices';
import { Pool } from 'pg';
import { Gate, writeChanges } from '../drivers/write-changes.ts';
import { runProgram } from '../harness/run-program.ts';
import { payloadOf } from './payload.mjs';

await runProgram(async (config) => {
  const pool = new Pool({ connectionString: config.databaseUrl, max: config.writers });
  const clients = config.queues.map((queue) =>
    ClientProxyFactory.create({
      transport: Transport.RMQ,
      options: { urls: [config.amqpUrl], queue, persistent: true, noAssert: true },
    }),
  );
  await Promise.all(clients.map((client) => client.connect()));
  const gate = new Gate();
  const afterCommit = (changes) => {
    for (const { index, user } of changes) {
      for (const client of clients) client.emit('user_updated', payloadOf(user, index));
    }
  };
  return {
    go: () => writeChanges(pool, config, { afterCommit }, gate),
    async stop() {
      gate.end();
      await Promise.all(clients.map((client) => client.close()));
      await pool.end();
    },
  };
});
