import { type AsyncMessage, Connection } from 'rabbitmq-client';
import { runProgram } from '../harness/run-program';
import type { RouteFloorConfig } from './route.floor';

const CHUNK = 250;

/** The minimal relay of `route.floor.ts` with the other client library. */
await runProgram<RouteFloorConfig>(async (config) => {
  const connection = new Connection({ url: config.amqpUrl, noDelay: true });
  const [consuming, publishing] = await Promise.all([connection.acquire(), connection.acquire()]);
  await publishing.confirmSelect();
  publishing.on('basic.return', () => {
    throw new Error('A message was returned: a queue is missing');
  });
  const arrived: AsyncMessage[] = [];
  let isScheduled = false;
  let acknowledged: Promise<unknown> = Promise.resolve();

  const forward = () => {
    isScheduled = false;
    while (arrived.length > 0) {
      const messages = arrived.splice(0, CHUNK);
      const deliveryTag = messages.at(-1)?.deliveryTag as number;
      const confirmed = Promise.all(
        messages.flatMap(({ body, messageId }) =>
          config.destinations.map((routingKey) =>
            publishing.basicPublish(
              {
                routingKey,
                durable: true,
                mandatory: true,
                ...(messageId !== undefined && { messageId }),
              },
              body,
            ),
          ),
        ),
      );
      acknowledged = Promise.all([acknowledged, confirmed]).then(() =>
        consuming.basicAck({ deliveryTag, multiple: true }),
      );
    }
  };
  return {
    async go() {
      await consuming.basicQos({ prefetchCount: config.prefetch });
      await consuming.basicConsume({ queue: config.source }, (message) => {
        arrived.push(message);
        if (isScheduled) return;
        isScheduled = true;
        setImmediate(forward);
      });
      return new Promise(() => {});
    },
    async stop() {
      // Closing the connection waits for its channels.
      await Promise.all([consuming.close(), publishing.close()]);
      await connection.close();
    },
  };
});
