import type { Lifecycle, Subscription } from '@dbem/db-event';
import { Log, pause } from '@dbem/runtime';
import { SubscriptionMapEditor } from '@dbem/subscription-registry';
import { Broker, pausedQueueOf } from '@dbem/transport';
import { Injectable, Optional } from '@nestjs/common';

export interface OrphanedMessagesOptions {
  /** Between two looks, ms: nearly all find no queue, and such a look costs the broker a channel. Default: 20. */
  readonly checkIntervalMs?: number;
  /** Before a look that failed is made again, ms. Default: 1,000. */
  readonly retryIntervalMs?: number;
}

/**
 * Finds what was left behind in the queue of a subscription that is live: by a manager that died in the last moment of its
 * resumption. Looks once, when this manager starts, at one subscription after the other, at a pace that the broker does not
 * feel: through a map of 100,000 in about forty minutes. What is found is moved on as if the subscription were being resumed.
 */
@Injectable()
export class OrphanedMessages implements Lifecycle {
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;

  constructor(
    private readonly broker: Broker,
    private readonly map: SubscriptionMapEditor,
    private readonly log: Log,
    @Optional() private readonly options: OrphanedMessagesOptions = {},
  ) {}

  async start(): Promise<void> {
    if (!this.stopping.signal.aborted) this.running ??= this.run();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    const { checkIntervalMs = 20, retryIntervalMs = 1_000 } = this.options;
    await this.map.loaded(signal);
    for (const { publisher, subscriber } of this.map.current.subscriptions()) {
      while (!signal.aborted && !(await this.hasLooked(publisher, subscriber))) await pause(retryIntervalMs, signal);
      if (signal.aborted) return;
      await pause(checkIntervalMs, signal);
    }
  }

  /** @returns false if it could not be found out yet. */
  private async hasLooked(publisher: string, subscriber: string): Promise<boolean> {
    try {
      await this.look(publisher, subscriber);
      return true;
    } catch (error) {
      this.log.debug({ err: error, publisher, subscriber }, 'could not look for what was left behind yet');
      return false;
    }
  }

  private async look(publisher: string, subscriber: string): Promise<void> {
    if (!isLive(this.map.current.get(publisher, subscriber))) return;
    const state = await this.broker.topology.inspectQueue(pausedQueueOf(publisher, subscriber));
    if (state === undefined || state.messages === 0) return;
    await this.map.update(publisher, subscriber, (present) =>
      isLive(present) ? { ...present, delivery: 'draining' } : undefined,
    );
  }
}

function isLive(subscription: Subscription | undefined): subscription is Subscription {
  return subscription !== undefined && subscription.delivery === undefined;
}
