import { connect } from 'amqplib';
import { Pool } from 'pg';
import { eventOf } from '../drivers/users';
import { Gate, type WriteConfig, writeChanges } from '../drivers/write-changes';
import { runProgram } from '../harness/run-program';

export interface PublishFloorConfig extends WriteConfig {
  readonly exchange: string;
  readonly routingKey: string;
}

/**
 * Writes the same rows in the same transactions and, after each commit, publishes the same bytes (mandatory, persistent
 * and confirmed) without awaiting each confirm. It has no outbox: a crash between commit and confirm loses events.
 */
await runProgram<PublishFloorConfig>(async (config) => {
  const pool = new Pool({ connectionString: config.databaseUrl, max: config.writers, pipeline: true });
  const connection = await connect(config.amqpUrl, { noDelay: true });
  const channel = await connection.createConfirmChannel();
  channel.on('return', () => {
    throw new Error('An event was returned: the queue is missing');
  });
  const gate = new Gate();
  return {
    async go() {
      const figures = await writeChanges(
        pool,
        config,
        {
          afterCommit(changes) {
            for (const { index, user } of changes) {
              const body = eventOf(user, index + 1);
              channel.publish(config.exchange, config.routingKey, body, { persistent: true, mandatory: true });
            }
          },
        },
        gate,
      );
      await channel.waitForConfirms();
      return figures;
    },
    setPaused: (isPaused) => gate.setPaused(isPaused),
    async stop() {
      gate.end();
      await connection.close();
      await pool.end();
    },
  };
});
