import type { Log } from '@dbem/runtime';
import type { Channel, Options } from 'amqplib';
import type {
  Binding,
  ExchangeDeclaration,
  QueueDeclaration,
  QueueState,
  StreamDeclaration,
  Topology,
} from '../broker.port';
import { brokerUnavailable, NOT_FOUND, replyCodeOf } from './broker-unavailable';
import type { SupervisedConnection } from './supervised-connection';

const PRECONDITION_FAILED = 406;

/** A stream past its maximum size loses its oldest segment. */
const SEGMENTS = 8;

/** Since RabbitMQ 4, quorum queues drop a message after 20 returns by default. We count retries ourselves: no limit. */
const DELIVERY_LIMIT = 2 ** 31 - 1;

/** Runs its operations one by one on a channel of its own, because the broker closes the channel on each error. */
export class RabbitMqTopology implements Topology {
  private channel: Channel | undefined;
  /** The queues, and whether they have the declared properties. */
  private readonly declared = new Map<string, boolean>();
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly connection: SupervisedConnection,
    private readonly log: Log,
  ) {}

  async declareExchange({ name, type }: ExchangeDeclaration): Promise<void> {
    await this.run((channel) => channel.assertExchange(name, type, { durable: true }));
  }

  async declareQueue(queue: QueueDeclaration): Promise<void> {
    try {
      await this.run((channel) => channel.assertQueue(queue.name, optionsOf(queue)));
      this.declared.set(queue.name, true);
    } catch (error) {
      if (replyCodeOf((error as Error).cause) !== PRECONDITION_FAILED) throw error;
      this.declared.set(queue.name, false);
      this.log.debug({ queue: queue.name }, 'the queue exists with other properties, which are kept');
    }
    for (const { exchange, routingKey, headers } of queue.bindings ?? []) {
      await this.run((channel) => channel.bindQueue(queue.name, exchange, routingKey, bindingArguments(headers)));
    }
  }

  isAsDeclared(name: string): boolean | undefined {
    return this.declared.get(name);
  }

  async declareStream({ name, maxBytes }: StreamDeclaration): Promise<void> {
    await this.run((channel) =>
      channel.assertQueue(name, {
        durable: true,
        arguments: {
          'x-queue-type': 'stream',
          'x-max-length-bytes': maxBytes,
          // Retention deletes whole segments.
          'x-stream-max-segment-size-bytes': Math.ceil(maxBytes / SEGMENTS),
        },
      }),
    );
  }

  async removeBinding(queue: string, { exchange, routingKey, headers }: Binding): Promise<void> {
    await this.run((channel) => channel.unbindQueue(queue, exchange, routingKey, bindingArguments(headers)));
  }

  async deleteQueue(name: string): Promise<void> {
    await this.run((channel) => channel.deleteQueue(name));
  }

  async inspectQueue(name: string): Promise<QueueState | undefined> {
    try {
      const { messageCount, consumerCount } = await this.run((channel) => channel.checkQueue(name));
      return { messages: messageCount, consumers: consumerCount };
    } catch (error) {
      if (replyCodeOf((error as Error).cause) === NOT_FOUND) return undefined;
      throw error;
    }
  }

  /** Runs `operation` after the earlier ones. Rejects with BROKER_UNAVAILABLE, whose cause is the broker's error. */
  run<Result>(operation: (channel: Channel) => Promise<Result>): Promise<Result> {
    const result = this.last.then(async () => {
      try {
        return await operation(await this.openChannel());
      } catch (error) {
        throw brokerUnavailable(String(error), error);
      }
    });
    this.last = result.catch(() => {});
    return result;
  }

  private async openChannel(): Promise<Channel> {
    if (this.channel !== undefined) return this.channel;
    const { current } = this.connection;
    if (current === undefined) throw new Error('not connected to the broker');
    const channel = await current.createChannel();
    channel.on('error', (error: Error) => this.log.debug({ err: error }, 'the broker refused an operation'));
    channel.on('close', () => {
      if (this.channel === channel) this.channel = undefined;
    });
    this.channel = channel;
    return channel;
  }
}

function bindingArguments(headers: Binding['headers']): Record<string, string> {
  return headers === undefined ? {} : { ...headers, 'x-match': 'all' };
}

function optionsOf({
  kind,
  deadLetter,
  messageTtlMs,
  expiresMs,
  isSingleActive,
  isLeaderLocal,
}: QueueDeclaration): Options.AssertQueue {
  return {
    durable: true,
    ...(messageTtlMs !== undefined && { messageTtl: messageTtlMs }),
    ...(expiresMs !== undefined && { expires: expiresMs }),
    ...(deadLetter !== undefined && { deadLetterExchange: deadLetter.exchange }),
    ...(deadLetter?.routingKey !== undefined && { deadLetterRoutingKey: deadLetter.routingKey }),
    ...(kind === 'quorum' && {
      arguments: {
        'x-queue-type': 'quorum',
        'x-delivery-limit': DELIVERY_LIMIT,
        ...(isLeaderLocal && { 'x-queue-leader-locator': 'client-local' }),
        ...(isSingleActive && { 'x-single-active-consumer': true }),
        // By default expired messages are dead-lettered without waiting for the target queue's confirm.
        ...(deadLetter !== undefined && { 'x-dead-letter-strategy': 'at-least-once', 'x-overflow': 'reject-publish' }),
      },
    }),
  };
}
