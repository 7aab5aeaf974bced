import { batchMessage, encodeElement } from '@dbem/transport';
import { type ChannelModel, type ConfirmChannel, connect } from 'amqplib';

const FILL_WINDOW = 2_000;
const FILL_BATCHES = 20;

/** Inspects and fills the broker's queues without involving the measured processes. */
export class QueueProbe {
  private constructor(
    private readonly connection: ChannelModel,
    private readonly channel: ConfirmChannel,
  ) {}

  static async open(amqpUrl: string): Promise<QueueProbe> {
    const connection = await connect(amqpUrl);
    return new QueueProbe(connection, await connection.createConfirmChannel());
  }

  /** Number of ready messages in the queue, without unacknowledged ones. */
  async depth(queue: string): Promise<number> {
    return (await this.channel.checkQueue(queue)).messageCount;
  }

  /** Publishes `count` persistent, confirmed messages to the queue. @param contentType '' for none */
  async fill(
    queue: string,
    count: number,
    bodyOf: (index: number) => Buffer,
    contentType = 'text/plain',
  ): Promise<void> {
    const options = { persistent: true, ...(contentType !== '' && { contentType }) };
    for (let index = 0; index < count; index += 1) {
      this.channel.sendToQueue(queue, bodyOf(index), { ...options, messageId: `m${index}` });
      if (index % FILL_WINDOW === FILL_WINDOW - 1) await this.channel.waitForConfirms();
    }
    await this.channel.waitForConfirms();
  }

  /** The same in batches of `size` events each, as relays and managers make them under load. */
  async fillBatches(queue: string, count: number, bodyOf: (index: number) => Buffer, size: number): Promise<void> {
    for (let first = 0; first < count; first += size) {
      const elements = Array.from({ length: Math.min(size, count - first) }, (_, index) =>
        encodeElement({ body: bodyOf(first + index), messageId: `m${first + index}` }),
      );
      const { body, contentType } = batchMessage(elements, '', queue);
      this.channel.sendToQueue(queue, body, { persistent: true, contentType });
      if ((first / size) % FILL_BATCHES === FILL_BATCHES - 1) await this.channel.waitForConfirms();
    }
    await this.channel.waitForConfirms();
  }

  /** Empties the queue. */
  async purge(queue: string): Promise<void> {
    await this.channel.purgeQueue(queue);
  }

  async bindFanOut(exchange: string, queues: readonly string[]): Promise<void> {
    await this.channel.assertExchange(exchange, 'fanout');
    for (const queue of queues) await this.channel.bindQueue(queue, exchange, '');
  }

  async close(): Promise<void> {
    await this.connection.close();
  }
}
