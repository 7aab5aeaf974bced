import { Log } from '@dbem/runtime';
import { laterTerm, SubscriptionRegistry } from '@dbem/subscription-registry';
import { arrivalText, MAX_ARRIVAL_COUNT, type OrderedChannel } from '@dbem/transport';
import { Injectable } from '@nestjs/common';

/**
 * Numbers the events of legacy publishers, which have no version, in the order in which this manager gets them. Each
 * channel by which it gets them begins a term, later than that of every manager that got events before it.
 */
@Injectable()
export class ArrivalCounter {
  private channel: OrderedChannel | undefined;
  private term = 0;
  private count = 0;

  constructor(
    private readonly registry: SubscriptionRegistry,
    private readonly log: Log,
  ) {}

  /** To be called before `next` for the deliveries of a channel. Rejects if the channel is lost. */
  async begin(channel: OrderedChannel, deliveries: number): Promise<void> {
    if (this.channel === channel && this.count + deliveries <= MAX_ARRIVAL_COUNT) return;
    const term = await this.nextTerm();
    // Still the active consumer: whoever follows begins a later term.
    await channel.affirm();
    this.channel = channel;
    this.term = term;
    this.count = 0;
  }

  next(): string {
    this.count += 1;
    return arrivalText(this.term, this.count);
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
