import { randomUUID } from 'node:crypto';
import { DbEventError } from '@dbem/db-event';
import { PeriodicTask } from '@dbem/runtime';
import {
  type BatchHandler,
  Broker,
  type BrokerHealth,
  type BrowseOutcome,
  type BrowseVisitor,
  type ConsumeOptions,
  type Consumption,
  type Delivery,
  type OutgoingMessage,
  type QueueDeclaration,
  type TransientMessage,
} from '../broker.port';
import type { InMemoryConsumer } from './in-memory-queue';
import { InMemoryTopology } from './in-memory-topology';

/** `Broker` within one process and without any durability: for tests. */
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
      throw new DbEventError('BROKER_UNAVAILABLE', `There is no exchange ${message.exchange}`, { retryable: true });
    }
    if (queues.length === 0 && message.mandatory !== false) {
      throw new DbEventError('MESSAGE_UNROUTABLE', 'No queue took the message', { retryable: true });
    }
    for (const queue of queues) queue.push(delivery);
  }

  publishTransient(message: TransientMessage): Promise<void> {
    return this.publish({ ...message, mandatory: false });
  }

  async request(message: OutgoingMessage, { timeoutMs }: { readonly timeoutMs: number }): Promise<Delivery> {
    const correlationId = randomUUID();
    const replyTo = `reply.${correlationId}`;
    let timer: NodeJS.Timeout | undefined;
    const reply = new Promise<Delivery>((resolve, reject) => {
      this.waitingForReply.set(replyTo, resolve);
      timer = setTimeout(() => {
        reject(new DbEventError('REQUEST_TIMEOUT', `No answer within ${timeoutMs} ms`, { retryable: true }));
      }, timeoutMs);
    });
    // The publish may fail first; then nobody awaits the reply.
    reply.catch(() => {});
    try {
      await this.publish({ ...message, replyTo, correlationId });
      return await reply;
    } finally {
      clearTimeout(timer);
      this.waitingForReply.delete(replyTo);
    }
  }

  consume(queue: string, handler: BatchHandler, options: ConsumeOptions = {}): Consumption {
    const consumption = new InMemoryConsumption(this.topology, queue, handler, options);
    this.consumptions.add(consumption);
    return consumption;
  }

  browse(queueName: string, visit: BrowseVisitor): Promise<BrowseOutcome> {
    const turn = this.lastBrowsed.then(() => this.browseQueued(queueName, visit));
    this.lastBrowsed = turn.catch(() => {});
    return turn;
  }

  health(): BrokerHealth {
    return { isConnected: this.isStarted, reconnects: 0 };
  }

  private async browseQueued(queueName: string, visit: BrowseVisitor): Promise<BrowseOutcome> {
    const queue = this.topology.queue(queueName);
    const deliveries = queue?.take(Number.POSITIVE_INFINITY) ?? [];
    const kept: Delivery[] = [];
    const outcomes = await Promise.allSettled(
      deliveries.map(async (delivery) => {
        let verdict: 'keep' | 'remove' = 'keep';
        try {
          verdict = await visit(delivery);
        } finally {
          if (verdict === 'keep') kept.push(delivery);
        }
      }),
    );
    queue?.giveBack(kept);
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

/** Attaches as soon as there is such a queue, and again when it has been deleted and declared anew. */
class InMemoryConsumption implements Consumption {
  private attached: { consumption: InMemoryConsumer; queue: object } | undefined;
  private attachments = 0;
  private readonly looking: PeriodicTask;

  constructor(
    private readonly topology: InMemoryTopology,
    private readonly queueName: string,
    private readonly handler: BatchHandler,
    private readonly options: ConsumeOptions,
  ) {
    this.look();
    this.looking = PeriodicTask.every(CHECK_INTERVAL_MS, () => this.look());
  }

  get isRegistered(): boolean {
    return this.attached !== undefined && this.topology.queue(this.queueName) === this.attached.queue;
  }

  get registration(): number | undefined {
    return this.isRegistered ? this.attachments : undefined;
  }

  async stop(): Promise<void> {
    void this.looking.stop();
    await this.attached?.consumption.stop();
    this.attached = undefined;
  }

  private look(): void {
    const queue = this.topology.queue(this.queueName);
    if (queue === undefined || queue === this.attached?.queue) return;
    this.attachments += 1;
    this.attached = { queue, consumption: queue.attach(this.handler, this.options) };
  }
}

function deliveryOf(message: OutgoingMessage): Delivery {
  const { cc: _destinations, mandatory: _mandatory, headers = {}, ...rest } = message;
  return { ...rest, headers, redelivered: false };
}
