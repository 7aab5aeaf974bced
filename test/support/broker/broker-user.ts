import type { Reply } from '@dbem/entity-codec';
import { type ChannelModel, type ConfirmChannel, connect, type Options } from 'amqplib';
import { askManager, legacyMessage, ownMessage } from './ask-manager';

export interface FoundMessage {
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, unknown>>;
}

/** A broker connection that is authenticated as one broker user. */
export class BrokerUser {
  private constructor(
    private readonly connection: ChannelModel,
    private readonly messageOf: typeof ownMessage,
  ) {}

  /** @param isLegacy it sends single messages to the event managers, not batches. */
  static async connect(amqpUrl: string, isLegacy = false): Promise<BrokerUser> {
    return new BrokerUser(await connect(amqpUrl), isLegacy ? legacyMessage : ownMessage);
  }

  async close(): Promise<void> {
    await this.connection.close();
  }

  /**
   * Runs `act` on its own channel. Resolves with the broker's error message; undefined if the broker accepted
   * everything.
   */
  async refusalOf(act: (channel: ConfirmChannel) => unknown): Promise<string | undefined> {
    const channel = await this.connection.createConfirmChannel();
    let refusal: string | undefined;
    channel.on('error', (error: Error) => {
      refusal = error.message;
    });
    try {
      await act(channel);
      await channel.waitForConfirms();
      await channel.close();
    } catch (error) {
      refusal ??= String(error);
    }
    return refusal;
  }

  /** Publishes persistently; resolves as `refusalOf`. */
  publish(exchange: string, routingKey: string, body: Buffer, options: Options.Publish = {}) {
    return this.refusalOf((channel) => channel.publish(exchange, routingKey, body, { persistent: true, ...options }));
  }

  /** Publishes to the event managers without a reply queue; resolves as `refusalOf`. */
  publishToManager(content: Buffer, properties: Options.Publish = {}) {
    const { exchange, routingKey, body, options } = this.messageOf(content, properties);
    return this.publish(exchange, routingKey, body, options);
  }

  ask(body: Buffer, options: Options.Publish = {}): Promise<Reply> {
    return askManager(this.connection, this.messageOf(body, options));
  }

  /** All messages in a queue; they stay there. */
  async contentOf(queue: string): Promise<FoundMessage[]> {
    const channel = await this.connection.createChannel();
    const found: FoundMessage[] = [];
    for (;;) {
      const message = await channel.get(queue);
      if (message === false) break;
      found.push({ body: message.content, headers: message.properties.headers ?? {} });
    }
    // Before the channel closes, so that the next channel finds them in the queue.
    channel.nackAll(true);
    await channel.close();
    return found;
  }

  async purge(...queues: string[]): Promise<void> {
    const channel = await this.connection.createChannel();
    for (const queue of queues) await channel.purgeQueue(queue);
    await channel.close();
  }
}
