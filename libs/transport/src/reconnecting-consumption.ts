import type { Lifecycle } from '@dbem/db-event';
import { type Log, PeriodicTask } from '@dbem/runtime';
import type { BatchHandler, Broker, ConsumeOptions, Consumption, QueueDeclaration } from './broker.port';

const CHECK_INTERVAL_MS = 500;

/** Consumes a queue that is its consumer's own: declares it, and again whenever it is gone. */
export class ReconnectingConsumption implements Lifecycle {
  private readonly keeping = new PeriodicTask(() => this.declareIfMissing(), {
    intervalMs: CHECK_INTERVAL_MS,
    onError: (error) => this.log.debug({ err: error, queue: this.queue.name }, 'could not declare the queue yet'),
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
    if (this.keeping.isStopped) return;
    this.consumption ??= this.broker.consume(this.queue.name, this.handler, this.options);
    await this.keeping.start();
  }

  async stop(): Promise<void> {
    await this.keeping.stop();
    await this.consumption?.stop();
  }

  get isRegistered(): boolean {
    return this.consumption?.isRegistered ?? false;
  }

  private async declareIfMissing(): Promise<void> {
    // Attached is not enough: the queue may be there without its binding, if the exchange was not there yet.
    if (this.isRegistered && this.isDeclared) return;
    this.isDeclared = false;
    await this.broker.topology.declareQueue(this.queue);
    this.isDeclared = true;
  }
}
