import type { Lifecycle, Subscription } from '@dbem/db-event';
import { Log, pause } from '@dbem/runtime';
import { SubscriptionMapEditor } from '@dbem/subscription-registry';
import { Broker, pausedQueueOf } from '@dbem/transport';
import { Injectable, Optional } from '@nestjs/common';

export interface OrphanedMessagesOptions {
  /** Interval between two checks, ms; a check of a missing queue, the usual case, costs a channel. Default: 20. */
  readonly checkIntervalMs?: number;
  /** Delay before a failed check is retried, ms. Default: 1,000. */
  readonly retryIntervalMs?: number;
}

/**
 * Finds orphaned messages: those in the paused queue of a subscription that is live again, because a manager died in
 * the last moment of resuming it. Checks each subscription once after this manager's start, one after the other and
 * throttled to spare the broker; a map of 100,000 takes about forty minutes. Orphaned messages are moved by resuming
 * the subscription again.
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
      while (!signal.aborted && !(await this.tryCheck(publisher, subscriber))) await pause(retryIntervalMs, signal);
      if (signal.aborted) return;
      await pause(checkIntervalMs, signal);
    }
  }

  /** @returns false if the check failed and must be retried. */
  private async tryCheck(publisher: string, subscriber: string): Promise<boolean> {
    try {
      await this.check(publisher, subscriber);
      return true;
    } catch (error) {
      this.log.debug({ err: error, publisher, subscriber }, 'could not check for orphaned messages; retrying');
      return false;
    }
  }

  private async check(publisher: string, subscriber: string): Promise<void> {
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
