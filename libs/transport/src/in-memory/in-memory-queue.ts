import type { BatchHandler, ConsumeOptions, Delivery, QueueDeclaration } from '../broker.port';

/** One queue of the in-memory broker, and its consumers. */
export class InMemoryQueue {
  private readonly waiting: Delivery[] = [];
  private readonly consumers: InMemoryConsumer[] = [];
  private readonly timers = new Set<NodeJS.Timeout>();

  constructor(
    private readonly declaration: QueueDeclaration,
    private readonly onExpired: (delivery: Delivery) => void,
  ) {}

  get state() {
    return { messages: this.waiting.length, consumers: this.consumers.length };
  }

  push(delivery: Delivery): void {
    this.waiting.push(delivery);
    const { messageTtlMs } = this.declaration;
    if (messageTtlMs !== undefined) this.expireAfter(messageTtlMs, delivery);
    this.dispatch();
  }

  /** Puts deliveries back at the head of the queue, so that they are redelivered before the messages behind them. */
  requeue(deliveries: readonly Delivery[]): void {
    this.waiting.unshift(...deliveries.map((delivery) => ({ ...delivery, redelivered: true })));
    this.dispatch();
  }

  addConsumer(handler: BatchHandler, options: ConsumeOptions): InMemoryConsumer {
    const consumer = new InMemoryConsumer(this, handler, options);
    this.consumers.push(consumer);
    this.dispatch();
    return consumer;
  }

  removeConsumer(consumer: InMemoryConsumer): void {
    const index = this.consumers.indexOf(consumer);
    if (index >= 0) this.consumers.splice(index, 1);
    this.dispatch();
  }

  close(): void {
    for (const timer of this.timers) clearTimeout(timer);
    for (const consumer of [...this.consumers]) this.removeConsumer(consumer);
  }

  take(count: number): Delivery[] {
    return this.waiting.splice(0, count);
  }

  /** Lets each consumer in turn take waiting messages, or only the active one. */
  private dispatch(): void {
    setImmediate(() => {
      const consumers = this.declaration.isSingleActive ? this.consumers.slice(0, 1) : [...this.consumers];
      for (const consumer of consumers) consumer.pump();
    });
  }

  private expireAfter(messageTtlMs: number, delivery: Delivery): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      const index = this.waiting.indexOf(delivery);
      if (index < 0) return;
      this.waiting.splice(index, 1);
      this.onExpired(delivery);
    }, messageTtlMs);
    this.timers.add(timer);
  }
}

/** Before deliveries that a handler rejected are delivered again, ms. */
export const PAUSE_AFTER_FAILURE_MS = 20;

export class InMemoryConsumer {
  /** Never aborts: nothing is lost in memory. */
  private readonly ended = new AbortController();
  private readonly inFlight = new Set<Promise<void>>();
  private isStopped = false;

  constructor(
    private readonly queue: InMemoryQueue,
    private readonly handler: BatchHandler,
    private readonly options: ConsumeOptions,
  ) {}

  async stop(): Promise<void> {
    this.isStopped = true;
    // Another one becomes active only when this one has finished.
    await Promise.all(this.inFlight);
    this.queue.removeConsumer(this);
  }

  pump(): void {
    const { maxBatch = 250, maxBatchesInFlight = 1, fullBatchesAhead = 0, prefetch = 500 } = this.options;
    while (!this.isStopped && this.queue.state.messages > 0) {
      const size = Math.min(maxBatch, prefetch);
      const ahead = this.queue.state.messages < size ? 0 : fullBatchesAhead;
      if (this.inFlight.size >= maxBatchesInFlight + ahead) return;
      const batch = this.queue.take(size);
      const handling = this.handle(batch).finally(() => {
        this.inFlight.delete(handling);
        this.pump();
      });
      this.inFlight.add(handling);
    }
  }

  private async handle(batch: readonly Delivery[]): Promise<void> {
    try {
      await this.handler(batch, this.ended.signal);
    } catch {
      // The port promises redelivery after a pause. Logging the cause is up to the handler.
      await new Promise((resolve) => setTimeout(resolve, PAUSE_AFTER_FAILURE_MS));
      this.queue.requeue(batch);
    }
  }
}
