import type { Lifecycle } from '@dbem/db-event';
import { type Log, PeriodicTask } from '@dbem/runtime';
import type { BatchHandler, Broker, ConsumeOptions, Consumption, QueueDeclaration } from './broker.port';

const CHECK_INTERVAL_MS = 500;

/** Consumes a queue that belongs to its consumer: declares it, and declares it again whenever it was deleted. */
export class ReconnectingConsumption implements Lifecycle {
  private readonly declaring = new PeriodicTask(() => this.declareIfMissing(), {
    intervalMs: CHECK_INTERVAL_MS,
    onError: (error) =>
      this.log.debug({ err: error, queue: this.queue.name }, 'could not declare the queue; will retry'),
  });
  private consumption: Consumption | undefined;
  private isDeclared = false;

  constructor(
    private readonly broker: Broker,
    private readonly queue: QueueDeclaration,
    private readonly handler: BatchHandler,
    private readonly options: ConsumeOptions,
    private readonly log: Log,
  ) {}

  async start(): Promise<void> {
    if (this.declaring.isStopped) return;
    this.consumption ??= this.broker.consume(this.queue.name, this.handler, this.options);
    await this.declaring.start();
  }

  async stop(): Promise<void> {
    await this.declaring.stop();
    await this.consumption?.stop();
  }

  get isRegistered(): boolean {
    return this.consumption?.isRegistered ?? false;
  }

  private async declareIfMissing(): Promise<void> {
    // A registered consumer is not enough: the queue lacks its binding if the exchange did not exist yet.
    if (this.isRegistered && this.isDeclared) return;
    this.isDeclared = false;
    await this.broker.topology.declareQueue(this.queue);
    this.isDeclared = true;
  }
}
