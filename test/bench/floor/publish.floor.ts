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
 * The same rows in the same transactions, and the same bytes published, mandatory, persistent and confirmed, when they have
 * committed; confirms are not waited for one by one. Without an outbox: a crash between commit and confirm loses events.
 */
await runProgram<PublishFloorConfig>(async (config) => {
  const pool = new Pool({ connectionString: config.databaseUrl, max: config.writers, pipeline: true });
  const connection = await connect(config.amqpUrl, { noDelay: true });
  const channel = await connection.createConfirmChannel();
  channel.on('return', () => {
    throw new Error('no queue took an event');
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
    hold: (isHeld) => gate.hold(isHeld),
    async stop() {
      gate.end();
      await connection.close();
      await pool.end();
    },
  };
});
