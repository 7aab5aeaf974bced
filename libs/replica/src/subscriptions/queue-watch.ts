import { DbEventError, type Lifecycle } from '@dbem/db-event';
import { type Log, pause } from '@dbem/runtime';
import type { Broker } from '@dbem/transport';

const CHECK_INTERVAL_MS = 1_000;

/**
 * Notices that the service's queue has gone under a running service: its subscriptions have lapsed (or somebody deleted the
 * queue), so it must ask for them again.
 *
 *   attached <-> detached -(the broker says that there is no such queue)-> onGone, once, until it is attached again
 */
export class QueueWatch implements Lifecycle {
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;

  constructor(
    private readonly broker: Broker,
    private readonly queue: string,
    private readonly isAttached: () => boolean,
    private readonly onGone: () => void,
    private readonly log: Log,
  ) {}

  async start(): Promise<void> {
    this.running ??= this.run();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    let hasBeenAttached = false;
    while (!this.stopping.signal.aborted) {
      if (this.isAttached()) hasBeenAttached = true;
      else if (hasBeenAttached && (await this.isGone())) {
        hasBeenAttached = false;
        this.log.warn({ queue: this.queue }, 'the service’s queue is gone: asking for the subscriptions again');
        this.onGone();
      }
      await pause(CHECK_INTERVAL_MS, this.stopping.signal);
    }
  }

  private async isGone(): Promise<boolean> {
    try {
      return (await this.broker.topology.inspectQueue(this.queue)) === undefined;
    } catch (error) {
      if (!(error instanceof DbEventError)) throw error;
      this.log.debug({ err: error, queue: this.queue }, 'could not ask whether the queue is there');
      return false;
    }
  }
}
