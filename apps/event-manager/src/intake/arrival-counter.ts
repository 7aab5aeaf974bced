import { Log, pause } from '@dbem/runtime';
import { laterTerm, SubscriptionRegistry } from '@dbem/subscription-registry';
import { arrivalText, Broker, MANAGER_QUEUE, MAX_ARRIVAL_COUNT, type OrderedChannel } from '@dbem/transport';
import { Injectable } from '@nestjs/common';

/** How often to look whether the queue is declared, ms. */
const CHECK_INTERVAL_MS = 50;

/**
 * Numbers the events of legacy publishers, which have no version, in the order in which this manager gets them. Each
 * channel by which it gets them begins a term, later than that of every manager that got events before it.
 *
 * It numbers none if the queue exists with other properties, for example of another manager's: then several managers
 * get events at the same time, and terms would make those of one look older than those of another.
 */
@Injectable()
export class ArrivalCounter {
  private channel: OrderedChannel | undefined;
  private isOrdered = false;
  private term = 0;
  private count = 0;

  constructor(
    private readonly broker: Broker,
    private readonly registry: SubscriptionRegistry,
    private readonly log: Log,
  ) {}

  /** To be called before `next` for the deliveries of a channel. Rejects if the channel is lost. */
  async begin(channel: OrderedChannel, deliveries: number): Promise<void> {
    if (this.channel === channel && this.count + deliveries <= MAX_ARRIVAL_COUNT) return;
    const isOrdered = await this.hasOneConsumer(channel);
    const term = isOrdered ? await this.nextTerm() : 0;
    // Still the active consumer: whoever follows begins a later term.
    await channel.affirm();
    this.channel = channel;
    this.isOrdered = isOrdered;
    this.term = term;
    this.count = 0;
  }

  /** Undefined: events are not numbered. */
  next(): string | undefined {
    this.count += 1;
    return this.isOrdered ? arrivalText(this.term, this.count) : undefined;
  }

  private async hasOneConsumer({ ended }: OrderedChannel): Promise<boolean> {
    const { topology } = this.broker;
    while (topology.isAsDeclared(MANAGER_QUEUE) === undefined && !ended.aborted) await pause(CHECK_INTERVAL_MS, ended);
    const hasOne = topology.isAsDeclared(MANAGER_QUEUE) === true;
    if (!hasOne) {
      const text = 'the queue has no single active consumer: the order of legacy publishers’ events is not kept';
      this.log.warn({ queue: MANAGER_QUEUE }, text);
    }
    return hasOne;
  }

  /** While ZooKeeper is away, terms follow this manager's clock. */
  private async nextTerm(): Promise<number> {
    try {
      return await this.registry.nextTerm();
    } catch (error) {
      const term = laterTerm(this.term);
      this.log.warn(
        { err: error, term },
        'began a term by the clock: a manager whose clock is ahead may have a later one',
      );
      return term;
    }
  }
}
