import { coalesceWrites } from '@dbem/transport';
import { type ConsumeMessage, connect } from 'amqplib';
import { runProgram } from '../harness/run-program';

export interface RouteFloorConfig {
  readonly amqpUrl: string;
  readonly source: string;
  /** Each gets its own mandatory publish: with one publish and CC a missing queue would not be detected. */
  readonly destinations: readonly string[];
  /** Instead of `destinations`: one publish to a fan-out exchange. */
  readonly fanoutExchange?: string;
  readonly prefetch: number;
}

/** Maximum number of deliveries that are acknowledged together. */
const CHUNK = 250;

interface Chunk {
  readonly last: ConsumeMessage;
  /** Number of outstanding confirms. */
  open: number;
}

/**
 * A minimal relay: consumes, publishes the bytes unchanged, awaits the broker's confirms, and acknowledges each chunk
 * with its last delivery. It does not decode messages. A returned or rejected message ends the process, so that the
 * broker redelivers.
 */
await runProgram<RouteFloorConfig>(async (config) => {
  const connection = await connect(config.amqpUrl, { noDelay: true });
  coalesceWrites(connection);
  const [consuming, publishing] = await Promise.all([connection.createChannel(), connection.createConfirmChannel()]);
  publishing.on('return', () => {
    throw new Error('A message was returned: a queue is missing');
  });
  const targets =
    config.fanoutExchange === undefined
      ? config.destinations.map((queue) => ({ exchange: '', key: queue }))
      : [{ exchange: config.fanoutExchange, key: '' }];
  const options = { persistent: true, mandatory: true };
  const arrived: ConsumeMessage[] = [];
  const chunks: Chunk[] = [];
  let isScheduled = false;

  const acknowledge = () => {
    let last: ConsumeMessage | undefined;
    while (chunks[0]?.open === 0) last = chunks.shift()?.last;
    if (last !== undefined) consuming.ack(last, true);
  };
  const forward = () => {
    isScheduled = false;
    while (arrived.length > 0) {
      const messages = arrived.splice(0, CHUNK);
      const chunk: Chunk = { last: messages.at(-1) as ConsumeMessage, open: messages.length * targets.length };
      chunks.push(chunk);
      const onConfirm = (nack: unknown) => {
        if (nack) throw new Error('The broker rejected an event (nack)');
        chunk.open -= 1;
        if (chunk.open === 0) acknowledge();
      };
      for (const { content, properties } of messages) {
        for (const { exchange, key } of targets) {
          const { messageId, contentType } = properties;
          publishing.publish(exchange, key, content, { ...options, messageId, contentType }, onConfirm);
        }
      }
    }
  };
  return {
    async go() {
      await consuming.prefetch(config.prefetch);
      await consuming.consume(config.source, (message) => {
        if (message === null) throw new Error('The broker cancelled the consumer');
        arrived.push(message);
        if (isScheduled) return;
        isScheduled = true;
        setImmediate(forward);
      });
      // It runs until it is stopped.
      return new Promise(() => {});
    },
    stop: () => connection.close(),
  };
});
