import { batchMessage, encodeElement, MAX_BATCH_ELEMENTS } from '@dbem/transport';
import { connect } from 'amqplib';
import { Pool } from 'pg';
import { eventOf } from '../drivers/users';
import { Gate, type WriteConfig, writeChanges } from '../drivers/write-changes';
import { runProgram } from '../harness/run-program';

export interface PublishFloorConfig extends WriteConfig {
  readonly exchange: string;
  readonly routingKey: string;
}

/** A batch that is not full leaves while fewer messages than this are unconfirmed. */
const MAX_UNCONFIRMED_PARTIAL = 2;

/**
 * Writes the same rows in the same transactions and, after each commit, publishes the same bytes (mandatory, persistent
 * and confirmed), in batches of what was committed while the last ones were unconfirmed. It has no outbox: a crash
 * between commit and confirm loses events.
 */
await runProgram<PublishFloorConfig>(async (config) => {
  const pool = new Pool({ connectionString: config.databaseUrl, max: config.writers, pipeline: true });
  const connection = await connect(config.amqpUrl, { noDelay: true });
  const channel = await connection.createConfirmChannel();
  channel.on('return', () => {
    throw new Error('An event was returned: the queue is missing');
  });
  const gate = new Gate();
  const waiting: Buffer[] = [];
  let unconfirmed = 0;
  const publish = () => {
    while (waiting.length >= MAX_BATCH_ELEMENTS || (waiting.length > 0 && unconfirmed < MAX_UNCONFIRMED_PARTIAL)) {
      const { body, contentType } = batchMessage(waiting.splice(0, MAX_BATCH_ELEMENTS), '', '');
      unconfirmed += 1;
      const options = { persistent: true, mandatory: true, contentType };
      channel.publish(config.exchange, config.routingKey, body, options, (nack) => {
        if (nack) throw new Error('The broker rejected a batch (nack)');
        unconfirmed -= 1;
        publish();
      });
    }
  };
  return {
    async go() {
      const figures = await writeChanges(
        pool,
        config,
        {
          afterCommit(changes) {
            for (const { index, user } of changes) {
              waiting.push(encodeElement({ body: eventOf(user, index + 1) }));
            }
            publish();
          },
        },
        gate,
      );
      while (waiting.length > 0) await channel.waitForConfirms();
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
