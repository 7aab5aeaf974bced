import { type DbEventError, isPaused, type Subscription } from '@dbem/db-event';
import { declarePausedQueue, pausedQueueOf } from '@dbem/transport';
import type { ForwardedEvent } from './forwarded-event';
import { ReturnedEvent } from './returned-event';
import type { WaitingDirectory } from './waiting-directory';
import { untilEmpty, WaitingQueue, type WaitingQueueServices } from './waiting-queue';

export interface PausedSubscriptionOptions extends WaitingQueueServices {
  readonly directory: WaitingDirectory;
  readonly fallback: WaitingQueue;
  /** The subscription, by the map of this moment. */
  readonly find: (publisher: string, subscriber: string) => Subscription | undefined;
}

/**
 * A subscription that is paused, or was. Its events wait in a queue of its own, which managers consume while it is not
 * paused, and for as long as it exists: no event depends on whether it is found empty.
 *
 *   paused -(its last pause ends)-> draining -(nothing waits any more)-> drained; any -(a pause)-> paused
 */
export class PausedSubscription {
  private readonly queue: WaitingQueue;
  /** Undefined: paused. Aborts at the next pause. */
  private resumed: AbortController | undefined;
  private isDrained = false;

  constructor(
    readonly publisher: string,
    readonly subscriber: string,
    private readonly options: PausedSubscriptionOptions,
  ) {
    this.queue = new WaitingQueue(pausedQueueOf(publisher, subscriber), {
      ...options,
      declare: async () => {
        await declarePausedQueue(options.broker.topology, publisher, subscriber);
        await options.directory.add({ service: subscriber, publisher });
      },
    });
    this.queue.suspend();
    this.update();
  }

  /** It is not paused any more, but events may still wait. */
  get isDraining(): boolean {
    return this.resumed !== undefined && !this.isDrained;
  }

  get isIdle(): boolean {
    return this.isDrained && !this.queue.isUsed;
  }

  write(event: ForwardedEvent): void {
    // One that came out of this queue before the pause stays there, because the queue is suspended.
    const isThere = event instanceof ReturnedEvent && event.queue === this.queue.name;
    if (!isThere) this.queue.write(event, this.subscriber);
  }

  /** The map may have changed. */
  update(): void {
    const subscription = this.options.find(this.publisher, this.subscriber);
    const isResumed = subscription === undefined || !isPaused(subscription);
    if (isResumed === (this.resumed !== undefined)) return;
    if (isResumed) {
      this.resumed = new AbortController();
      this.queue.resume();
      void this.drain(this.resumed.signal);
    } else {
      this.resumed?.abort();
      this.resumed = undefined;
      this.isDrained = false;
      this.queue.suspend();
    }
  }

  /** Consumes the queue, which another manager has declared. @returns false if it was deleted. */
  findQueue(): Promise<boolean> {
    return this.queue.find();
  }

  stop(error: DbEventError): Promise<void> {
    return this.queue.stop(error);
  }

  private async drain(pausedAgain: AbortSignal): Promise<void> {
    const { log, stopping } = this.options;
    const isOver = () => stopping.aborted || pausedAgain.aborted;
    if (!(await untilEmpty(() => this.queue.isSurelyEmpty(), isOver, stopping))) return;
    this.isDrained = true;
    log.info(
      { publisher: this.publisher, subscriber: this.subscriber },
      'the events of a resumed subscription are forwarded',
    );
  }
}
