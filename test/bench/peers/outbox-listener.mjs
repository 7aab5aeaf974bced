// The listener of pg-transactional-outbox: publishes each message to an exchange and awaits the confirm.
import { connect } from 'amqplib';
import {
  createReplicationSemaphoreConcurrencyController,
  getDisabledLogger,
  initializePollingMessageListener,
  initializeReplicationMessageListener,
} from 'pg-transactional-outbox';
import { runProgram } from '../harness/run-program.ts';
import { outboxConfig } from './outbox-config.mjs';

/**
 * The size of its connection pool. With full concurrency all waiting messages start at once, exceed the processing
 * timeout while they wait for a connection, fail and are retried: with 20,000 changes that never ended.
 */
const MAX_PARALLEL = 20;

await runProgram(async (config) => {
  const connection = await connect(config.amqpUrl, { noDelay: true });
  const channel = await connection.createConfirmChannel();
  const handler = {
    handle: (message) =>
      new Promise((resolve, reject) => {
        const body = Buffer.from(JSON.stringify(message.payload));
        const options = { persistent: true, mandatory: true, messageId: message.id };
        channel.publish(config.exchange, '', body, options, (error) => (error ? reject(error) : resolve()));
      }),
  };
  let shutDown;
  return {
    async go() {
      [shutDown] =
        config.listener === 'polling'
          ? initializePollingMessageListener(outboxConfig(config), handler, getDisabledLogger())
          : initializeReplicationMessageListener(outboxConfig(config), handler, getDisabledLogger(), {
              concurrencyStrategy: createReplicationSemaphoreConcurrencyController(MAX_PARALLEL),
            });
      // It runs until it is stopped.
      return new Promise(() => {});
    },
    async stop() {
      await shutDown?.();
      await connection.close();
    },
  };
});
