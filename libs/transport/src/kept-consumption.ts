import type { Lifecycle } from '@dbem/db-event';
import { type Log, pause } from '@dbem/runtime';
import type { BatchHandler, Broker, ConsumeOptions, Consumption, QueueDeclaration } from './broker.port';

const CHECK_INTERVAL_MS = 500;

/** Consumes a queue that is its consumer's own: declares it, and again whenever it is gone. */
export class KeptConsumption implements Lifecycle {
  private readonly stopping = new AbortController();
  private consumption: Consumption | undefined;
  private keeping: Promise<void> | undefined;
  private isDeclared = false;

  constructor(
    private readonly broker: Broker,
    private readonly queue: QueueDeclaration,
    private readonly handler: BatchHandler,
    private readonly options: ConsumeOptions,
    private readonly log: Log,
  ) {}

  async start(): Promise<void> {
    if (this.stopping.signal.aborted) return;
    this.consumption ??= this.broker.consume(this.queue.name, this.handler, this.options);
    this.keeping ??= this.keep(this.consumption);
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.keeping;
    await this.consumption?.stop();
  }

  get isAttached(): boolean {
    return this.consumption?.isAttached ?? false;
  }

  private async keep(consumption: Consumption): Promise<void> {
    while (!this.stopping.signal.aborted) {
      if (!consumption.isAttached || !this.isDeclared) await this.declare();
      await pause(CHECK_INTERVAL_MS, this.stopping.signal);
    }
  }

  private async declare(): Promise<void> {
    try {
      // Attached is not enough: the queue may be there without its binding, if the exchange was not there yet.
      this.isDeclared = false;
      await this.broker.topology.declareQueue(this.queue);
      this.isDeclared = true;
    } catch (error) {
      this.log.debug({ err: error, queue: this.queue.name }, 'could not declare the queue yet');
    }
  }
}
