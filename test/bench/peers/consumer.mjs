// A typical hand-written consumer: one row per message, many concurrently, each acknowledged after its commit.
import { connect } from 'amqplib';
import { Pool } from 'pg';
import { runProgram } from '../harness/run-program.ts';
import { upsertStatement, upsertValues } from './upsert.mjs';

await runProgram(async (config) => {
  const pool = new Pool({ connectionString: config.databaseUrl, max: 10 });
  const connection = await connect(config.amqpUrl, { noDelay: true });
  const channel = await connection.createChannel();
  const statement = { name: 'upsert', text: upsertStatement(config.replica) };
  return {
    async go() {
      await channel.prefetch(200);
      await channel.consume(config.queue, async (message) => {
        await pool.query({
          ...statement,
          values: upsertValues(config.replica, JSON.parse(message.content.toString())),
        });
        channel.ack(message);
      });
      return new Promise(() => {});
    },
    async stop() {
      await connection.close();
      await pool.end();
    },
  };
});
