import { Backoff, type Log, pause } from '@dbem/runtime';
import type { Channel, ChannelModel } from 'amqplib';
import { close } from './close';
import type { SupervisedConnection } from './supervised-connection';

/** How long to wait for the broker to confirm a close. */
const CLOSE_TIMEOUT_MS = 2_000;

export interface SupervisedChannelOptions<OpenChannel extends Channel> {
  open(connection: ChannelModel): Promise<OpenChannel>;
  /** Prepares a new channel, for example registers a consumer. If it rejects, the channel is reopened after a pause. */
  setUp(channel: OpenChannel): Promise<void>;
  /** The channel was lost. The outcome of what was in flight on it is unknown. */
  onLost(channel: OpenChannel, reason: string): void;
}

/**
 * One channel, reopened without limit: after a reconnect, and after the channel alone was closed (the broker refused an
 * operation, timed out an acknowledgement, or cancelled a consumer).
 *
 *   waiting (no connection) -> opening -> ready -(closed)-> pausing -> opening …
 *   any -stop-> stopped
 */
export class SupervisedChannel<OpenChannel extends Channel> {
  private channel: OpenChannel | undefined;
  private isReady = false;
  private isOpening = false;
  private readonly stopping = new AbortController();
  private readonly backoff = new Backoff({ initialMs: 50, maxMs: 1_000 });
  private readonly onConnected = () => void this.open();

  constructor(
    private readonly connection: SupervisedConnection,
    private readonly options: SupervisedChannelOptions<OpenChannel>,
    private readonly log: Log,
  ) {
    connection.onOpen(this.onConnected);
    void this.open();
  }

  /** The channel once it is set up; undefined while there is none. */
  get ready(): OpenChannel | undefined {
    return this.isReady ? this.channel : undefined;
  }

  /** Replaces the channel at once, without waiting for the broker to confirm its close. */
  reopen(reason = 'the channel is being reopened'): void {
    const { channel } = this;
    if (channel === undefined) return;
    this.lose(channel, reason);
    void close(channel);
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    this.connection.removeListener(this.onConnected);
    if (this.channel !== undefined) await Promise.race([close(this.channel), pause(CLOSE_TIMEOUT_MS)]);
  }

  private async open(): Promise<void> {
    const model = this.connection.current;
    if (this.isOpening || this.channel !== undefined || model === undefined || this.stopping.signal.aborted) return;
    this.isOpening = true;
    try {
      const channel = await this.options.open(model);
      this.watch(channel);
      await this.options.setUp(channel);
      this.isReady = this.channel === channel;
      this.backoff.reset();
    } catch (error) {
      this.log.debug({ err: error }, 'could not open a channel; will retry');
      this.reopen();
    }
    this.isOpening = false;
    if (this.stopping.signal.aborted) await this.stop();
    // It may have been lost, too, while it was set up.
    else if (this.channel === undefined) void this.openLater();
  }

  private watch(channel: OpenChannel): void {
    let reason = 'the channel was closed';
    this.channel = channel;
    channel.on('error', (error: Error) => {
      reason = error.message;
    });
    // Before amqplib's own listener, which reports unconfirmed publishes as nacked although their outcome is unknown.
    channel.prependListener('close', () => {
      if (this.channel === channel) this.lose(channel, reason);
    });
  }

  private lose(channel: OpenChannel, reason: string): void {
    this.channel = undefined;
    this.isReady = false;
    this.options.onLost(channel, reason);
    void this.openLater();
  }

  private async openLater(): Promise<void> {
    await pause(this.backoff.next(), this.stopping.signal);
    await this.open();
  }
}
