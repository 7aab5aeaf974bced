import { randomUUID } from 'node:crypto';
import { DbEventError } from '@dbem/db-event';
import { Log, SILENT_LOG } from '@dbem/runtime';
import {
  AmqpConnection,
  type MessageHandlerOptions,
  Nack,
  type RequestOptions,
  type SubscriberHandler,
  type SubscriptionResult,
} from '@golevelup/nestjs-rabbitmq';
import { Inject, Injectable, Optional } from '@nestjs/common';
import type { Options } from 'amqplib';
import { Broker, type Delivery } from '../broker.port';
import { ReconnectingConsumption } from '../reconnecting-consumption';
import { consumeMessageOf } from './consume-message-of';
import { jsonBody } from './deserializers';
import { GOLEVELUP_OPTIONS, type GolevelupOptions } from './golevelup-options';
import { queueOf } from './queue-of';
import { rejectUnsupported } from './reject-unsupported';

/** How long the process's own queues outlive a killed process, ms. */
const OWN_QUEUE_EXPIRY_MS = 60_000;

export const RPC_UNSUPPORTED =
  '@RabbitRPC is not supported: it replies through the default exchange, which no service may write to. Use @MessagePattern';

const MESSAGE_OPTIONS = ['headers', 'contentType', 'messageId', 'correlationId', 'replyTo'];

/**
 * golevelup's `AmqpConnection` over the application's `Broker`, for broadcasts that may be lost. It opens no
 * connection itself.
 *
 * A handler receives one message at a time, in order. If it throws, the error is logged and the message is
 * acknowledged; it is not redelivered. A subscription starts without broker, exchange or queue, recovers from the loss
 * of each, and ends with `close` or `cancelConsumer`. Unsupported options of golevelup are rejected, not ignored.
 */
@Injectable()
export class BrokerAmqpConnection extends AmqpConnection {
  private readonly subscriptions = new Map<string, ReconnectingConsumption>();
  private readonly ownQueues: string[] = [];
  private readonly queuePrefix: string;
  private isClosed = false;

  constructor(
    private readonly broker: Broker,
    @Inject(GOLEVELUP_OPTIONS) { queuePrefix = 'broadcast.', ...options }: GolevelupOptions,
    @Optional() private readonly log: Log = SILENT_LOG,
  ) {
    // `RabbitHandlers` registers the handlers: golevelup's own module does so for only one application per process.
    super({ deserializer: jsonBody, ...options, uri: [], registerHandlers: false, enableDirectReplyTo: false });
    this.queuePrefix = queuePrefix;
  }

  /** Whether the broker accepts publishes; in golevelup, only whether the TCP connection is open. */
  override get connected(): boolean {
    return this.broker.health().isConnected;
  }

  /** Does nothing: the `Broker` connects by itself. */
  override async init(): Promise<void> {}

  /**
   * Resolves when the broker has confirmed the message. Rejects like the `Broker`, at once while there is no
   * connection. As in golevelup the message is transient unless `persistent` is set; `mandatory` makes it persistent,
   * too, and rejects if it can't be routed to a queue.
   */
  override async publish(exchange: string, routingKey: string, message: unknown, options: Options.Publish = {}) {
    const {
      persistent = false,
      mandatory = false,
      ...rest
    } = { ...this.configuration.defaultPublishOptions, ...options };
    rejectUnsupported('publish', rest, MESSAGE_OPTIONS);
    const outgoing = { ...messageOf(rest), exchange, routingKey, body: this.bodyOf(message) };
    await (persistent || mandatory
      ? this.broker.publish({ ...outgoing, mandatory })
      : this.broker.publishTransient(outgoing));
    return true;
  }

  /** Rejects like `Broker.request`. */
  override async request<T>({
    exchange,
    routingKey,
    payload = {},
    headers,
    timeout,
    ...rest
  }: RequestOptions): Promise<T> {
    rejectUnsupported('request', rest, []);
    const timeoutMs = timeout ?? this.configuration.defaultRpcTimeout;
    const body = this.bodyOf(payload);
    const reply = await this.broker.request({ exchange, routingKey, body, headers }, { timeoutMs });
    return this.configuration.deserializer(reply.body, consumeMessageOf(reply, ''));
  }

  override async createSubscriber<T>(
    handler: SubscriberHandler<T>,
    options: MessageHandlerOptions,
    handlerName: string,
    consumeOptions?: Options.Consume,
  ): Promise<SubscriptionResult> {
    if (this.isClosed)
      throw new DbEventError('BROKER_UNAVAILABLE', 'BrokerAmqpConnection is closed: it accepts no subscriptions');
    rejectUnsupported(`${handlerName}, consumer`, consumeOptions, []);
    const consumerTag = randomUUID();
    const queue = this.queueOf(options, handlerName);
    const deliver = async (deliveries: readonly Delivery[]) => {
      for (const delivery of deliveries) await this.deliver(delivery, handler, options, handlerName, consumerTag);
    };
    const subscription = new ReconnectingConsumption(this.broker, queue, deliver, {}, this.log);
    this.subscriptions.set(consumerTag, subscription);
    await subscription.start();
    return { consumerTag };
  }

  override async createBatchSubscriber(): Promise<SubscriptionResult> {
    throw new DbEventError(
      'CONFIGURATION_INVALID',
      'Batch subscribers of golevelup are not supported on this connection',
    );
  }

  override async createRpc(): Promise<SubscriptionResult> {
    throw new DbEventError('CONFIGURATION_INVALID', RPC_UNSUPPORTED);
  }

  /** Permanent, unlike in golevelup, where the consumer is registered again after the next reconnect. */
  override async cancelConsumer(consumerTag: string): Promise<void> {
    await this.subscriptions.get(consumerTag)?.stop();
    this.subscriptions.delete(consumerTag);
  }

  /** Cancels all consumers and waits for running handlers. The `Broker`, which the application owns, stays open. */
  override async close(): Promise<void> {
    this.isClosed = true;
    await Promise.all([...this.subscriptions.keys()].map((consumerTag) => this.cancelConsumer(consumerTag)));
    await Promise.all(this.ownQueues.splice(0).map((queue) => this.deleteQueue(queue)));
  }

  private queueOf(options: MessageHandlerOptions, handlerName: string) {
    if (options.queue) return queueOf(options, options.queue, handlerName);
    const own = queueOf(options, `${this.queuePrefix}${randomUUID()}`, handlerName);
    this.ownQueues.push(own.name);
    return { expiresMs: OWN_QUEUE_EXPIRY_MS, ...own };
  }

  private async deliver<T>(
    delivery: Delivery,
    handler: SubscriberHandler<T>,
    options: MessageHandlerOptions,
    handlerName: string,
    consumerTag: string,
  ): Promise<void> {
    const { logger } = this.configuration;
    try {
      const raw = consumeMessageOf(delivery, consumerTag);
      const response = await handler(this.decoded(raw, options), raw, delivery.headers);
      if (response instanceof Nack)
        logger.warn(`${handlerName} returned Nack, which is not supported; the message is acknowledged`);
    } catch (error) {
      logger.error(
        `${handlerName} failed; the message is acknowledged`,
        error instanceof Error ? error.stack : `${error}`,
      );
    }
  }

  private decoded<T>(raw: ReturnType<typeof consumeMessageOf>, options: MessageHandlerOptions): T | undefined {
    const deserialize = options.deserializer ?? this.configuration.deserializer;
    try {
      return deserialize(raw.content, raw);
    } catch (error) {
      if (options.allowNonJsonMessages !== true) throw error;
      return raw.content.toString() as T;
    }
  }

  private bodyOf(message: unknown): Buffer {
    if (message instanceof Uint8Array) return Buffer.from(message);
    return message === undefined || message === null ? Buffer.alloc(0) : this.configuration.serializer(message);
  }

  private async deleteQueue(queue: string): Promise<void> {
    await this.broker.topology.deleteQueue(queue).catch((error: unknown) => {
      this.log.debug({ err: error, queue }, 'could not delete the queue: it expires by itself');
    });
  }
}

function messageOf({ headers, contentType, messageId, correlationId, replyTo }: Options.Publish) {
  return { headers, contentType, messageId, correlationId, replyTo };
}
