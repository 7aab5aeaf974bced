import { coalesceWrites } from '@dbem/transport';
import { type ConsumeMessage, connect } from 'amqplib';
import { runProgram } from '../harness/run-program';

export interface RouteFloorConfig {
  readonly amqpUrl: string;
  readonly source: string;
  /** Each gets a publish of its own, mandatory: with one publish and CC a missing queue would go unnoticed. */
  readonly destinations: readonly string[];
  /** Instead of `destinations`: one publish to a fan-out exchange. */
  readonly fanoutExchange?: string;
  readonly prefetch: number;
}

/** Most deliveries that are confirmed and acknowledged as one. */
const CHUNK = 250;

interface Chunk {
  readonly last: ConsumeMessage;
  /** Confirms still to come. */
  open: number;
}

/**
 * A bare relay: consumes, publishes the bytes as they are, waits for the broker's confirms, and acknowledges everything up to
 * the last delivery of a chunk at once. Reads nothing of a message. Anything returned or refused ends it, so that the broker
 * delivers again.
 */
await runProgram<RouteFloorConfig>(async (config) => {
  const connection = await connect(config.amqpUrl, { noDelay: true });
  coalesceWrites(connection);
  const [consuming, publishing] = await Promise.all([connection.createChannel(), connection.createConfirmChannel()]);
  publishing.on('return', () => {
    throw new Error('a queue is missing');
  });
  const targets =
    config.fanoutExchange === undefined
      ? config.destinations.map((queue) => ({ exchange: '', key: queue }))
      : [{ exchange: config.fanoutExchange, key: '' }];
  const options = { persistent: true, mandatory: true, contentType: 'text/plain' };
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
        if (nack) throw new Error('the broker refused an event');
        chunk.open -= 1;
        if (chunk.open === 0) acknowledge();
      };
      for (const { content, properties } of messages) {
        for (const { exchange, key } of targets) {
          publishing.publish(exchange, key, content, { ...options, messageId: properties.messageId }, onConfirm);
        }
      }
    }
  };
  return {
    async go() {
      await consuming.prefetch(config.prefetch);
      await consuming.consume(config.source, (message) => {
        if (message === null) throw new Error('the broker cancelled the consumer');
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
