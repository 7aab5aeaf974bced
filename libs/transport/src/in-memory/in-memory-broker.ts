import { randomUUID } from 'node:crypto';
import { DbEventError } from '@dbem/db-event';
import { PeriodicTask, pause } from '@dbem/runtime';
import { deliveriesIn } from '../batches/deliveries-in';
import {
  type BatchHandler,
  Broker,
  type BrokerHealth,
  type BrowseOutcome,
  type BrowseVisitor,
  type ConsumeOptions,
  type Consumption,
  type Delivery,
  type OrderedHandler,
  type OrderedOptions,
  type OutgoingMessage,
  type QueueDeclaration,
  type TransientMessage,
} from '../broker.port';
import { type InMemoryConsumer, PAUSE_AFTER_FAILURE_MS } from './in-memory-queue';
import { InMemoryTopology } from './in-memory-topology';

/** `Broker` in memory, within one process and not durable: for tests. */
export class InMemoryBroker extends Broker {
  readonly topology = new InMemoryTopology((delivery, declaration) => this.deadLetter(delivery, declaration));
  private readonly waitingForReply = new Map<string, (reply: Delivery) => void>();
  private readonly consumptions = new Set<Consumption>();
  private lastBrowsed: Promise<unknown> = Promise.resolve();
  private isStarted = false;

  async start(): Promise<void> {
    this.isStarted = true;
  }

  async stop(): Promise<void> {
    await Promise.all([...this.consumptions].map((consumption) => consumption.stop()));
    this.topology.close();
    this.isStarted = false;
  }

  async publish(message: OutgoingMessage): Promise<void> {
    if (!this.isStarted) throw new DbEventError('BROKER_UNAVAILABLE', 'The broker is not started', { retryable: true });
    const delivery = deliveryOf(message);
    const reply = message.exchange === '' ? this.waitingForReply.get(message.routingKey) : undefined;
    if (reply !== undefined) {
      reply(delivery);
      return;
    }
    const queues = this.topology.route(message.exchange, [message.routingKey, ...(message.cc ?? [])], delivery.headers);
    if (queues === undefined) {
      throw new DbEventError('BROKER_UNAVAILABLE', `Exchange "${message.exchange}" does not exist`, {
        retryable: true,
      });
    }
    if (queues.length === 0 && message.mandatory !== false) {
      const reason = `No queue is bound to exchange "${message.exchange}" for routing key "${message.routingKey}"`;
      throw new DbEventError('MESSAGE_UNROUTABLE', reason, { retryable: true });
    }
    for (const queue of queues) queue.push(delivery);
  }

  publishTransient(message: TransientMessage): Promise<void> {
    return this.publish({ ...message, mandatory: false });
  }

  reply(message: OutgoingMessage): void {
    this.publish({ ...message, mandatory: false }).catch(() => {
      // A reply that can't be sent is lost.
    });
  }

  async request(message: OutgoingMessage, { timeoutMs }: { readonly timeoutMs: number }): Promise<Delivery> {
    const correlationId = randomUUID();
    const replyTo = `reply.${correlationId}`;
    let timer: NodeJS.Timeout | undefined;
    const reply = new Promise<Delivery>((resolve, reject) => {
      this.waitingForReply.set(replyTo, resolve);
      timer = setTimeout(() => {
        reject(new DbEventError('REQUEST_TIMEOUT', `No reply within ${timeoutMs} ms`, { retryable: true }));
      }, timeoutMs);
    });
    // If the publish fails first, nothing awaits the reply.
    reply.catch(() => {});
    try {
      await this.publish({ ...message, replyTo, correlationId });
      return await reply;
    } finally {
      clearTimeout(timer);
      this.waitingForReply.delete(replyTo);
    }
  }

  consume(queue: string, handler: BatchHandler, options: ConsumeOptions = {}): InMemoryConsumption {
    const consumption = new InMemoryConsumption(this.topology, queue, this.elementHandler(handler, options), options);
    this.consumptions.add(consumption);
    return consumption;
  }

  consumeInOrder(queue: string, handler: OrderedHandler, { maxBatch }: OrderedOptions): Consumption {
    const publish = (message: OutgoingMessage) => this.publish(message);
    const handleAll: BatchHandler = async (deliveries, ended) => {
      const channel = { ended, publish, affirm: async () => {} };
      for (let done = 0; done < deliveries.length; ) {
        done += await handler(deliveries.slice(done), channel).catch(() => 0);
        if (done === deliveries.length) return;
        if (consumption.isStopped) throw new Error('stopped before all deliveries were handled');
        await pause(PAUSE_AFTER_FAILURE_MS);
      }
    };
    const consumption = this.consume(queue, handleAll, { maxBatch, batches: {} });
    return consumption;
  }

  /** A handler of messages that passes the elements of batches to `handler`. */
  private elementHandler(handler: BatchHandler, { batches }: ConsumeOptions): BatchHandler {
    if (batches === undefined) return handler;
    return async (messages, ended) => {
      const deliveries: Delivery[] = [];
      for (const message of messages) {
        const elements = deliveriesIn(message);
        const { alone } = batches;
        if (message.redelivered && elements.length > 1 && alone !== undefined) {
          await Promise.all(elements.map((element) => this.publish(alone(element))));
          continue;
        }
        batches.onReceived?.(elements.length, message.body.length);
        deliveries.push(...elements);
      }
      if (deliveries.length > 0) await handler(deliveries, ended);
    };
  }

  browse(queueName: string, visit: BrowseVisitor): Promise<BrowseOutcome> {
    const browsed = this.lastBrowsed.then(() => this.browseExclusively(queueName, visit));
    this.lastBrowsed = browsed.catch(() => {});
    return browsed;
  }

  answeredMs(): number {
    return performance.now();
  }

  health(): BrokerHealth {
    return { isConnected: this.isStarted, reconnects: 0 };
  }

  private async browseExclusively(queueName: string, visit: BrowseVisitor): Promise<BrowseOutcome> {
    const queue = this.topology.queue(queueName);
    const deliveries = queue?.take(Number.POSITIVE_INFINITY) ?? [];
    const kept: Delivery[] = [];
    const outcomes = await Promise.allSettled(
      deliveries.map(async (delivery) => {
        let decision: 'keep' | 'remove' = 'keep';
        try {
          decision = await visit(delivery);
        } finally {
          if (decision === 'keep') kept.push(delivery);
        }
      }),
    );
    queue?.requeue(kept);
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    return { visited: deliveries.length, removed: deliveries.length - kept.length };
  }

  private deadLetter(delivery: Delivery, { deadLetter }: QueueDeclaration): void {
    if (deadLetter === undefined) return;
    const routingKey = deadLetter.routingKey ?? delivery.routingKey;
    const queues = this.topology.route(deadLetter.exchange, [routingKey], delivery.headers) ?? [];
    for (const queue of queues) queue.push({ ...delivery, exchange: deadLetter.exchange, routingKey });
  }
}

const CHECK_INTERVAL_MS = 10;

/** Registers as soon as the queue exists, and again when it has been deleted and redeclared. */
class InMemoryConsumption implements Consumption {
  private registered: { consumer: InMemoryConsumer; queue: object } | undefined;
  private registrations = 0;
  private isEnded = false;
  private readonly checking: PeriodicTask;

  constructor(
    private readonly topology: InMemoryTopology,
    private readonly queueName: string,
    private readonly handler: BatchHandler,
    private readonly options: ConsumeOptions,
  ) {
    this.registerIfNeeded();
    this.checking = PeriodicTask.every(CHECK_INTERVAL_MS, () => this.registerIfNeeded());
  }

  get isRegistered(): boolean {
    return this.registered !== undefined && this.topology.queue(this.queueName) === this.registered.queue;
  }

  get registration(): number | undefined {
    return this.isRegistered ? this.registrations : undefined;
  }

  get isStopped(): boolean {
    return this.isEnded;
  }

  async stop(): Promise<void> {
    this.isEnded = true;
    void this.checking.stop();
    await this.registered?.consumer.stop();
    this.registered = undefined;
  }

  private registerIfNeeded(): void {
    const queue = this.topology.queue(this.queueName);
    if (queue === undefined || queue === this.registered?.queue) return;
    this.registrations += 1;
    this.registered = { queue, consumer: queue.addConsumer(this.handler, this.options) };
  }
}

function deliveryOf(message: OutgoingMessage): Delivery {
  const { cc: _cc, mandatory: _mandatory, headers = {}, ...rest } = message;
  return { ...rest, headers, redelivered: false };
}
