import { Backoff, type Log, pause } from '@dbem/runtime';
import type { Channel, ChannelModel } from 'amqplib';
import type { SupervisedConnection } from './supervised-connection';

/** A broker that does not answer to a close is not waited for longer. */
const CLOSE_TIMEOUT_MS = 2_000;

export interface SupervisedChannelOptions<OpenChannel extends Channel> {
  open(connection: ChannelModel): Promise<OpenChannel>;
  /** Prepares a fresh channel (consumes, say). A rejection closes the channel, and it is opened again after a pause. */
  setUp(channel: OpenChannel): Promise<void>;
  /** The channel is gone, and with it all that was in flight on it. */
  onLost(channel: OpenChannel, reason: string): void;
}

/**
 * One channel, opened again for ever: after the connection came back, and after the channel alone was closed (by an
 * operation that the broker refused, a late acknowledgement, a consumer that the broker cancelled).
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
  private readonly openSoon = () => void this.open();

  constructor(
    private readonly connection: SupervisedConnection,
    private readonly options: SupervisedChannelOptions<OpenChannel>,
    private readonly log: Log,
  ) {
    connection.onOpen(this.openSoon);
    this.openSoon();
  }

  /** The channel, set up; undefined while there is none. */
  get ready(): OpenChannel | undefined {
    return this.isReady ? this.channel : undefined;
  }

  /** Gives the channel up at once, whether or not the broker answers to its being closed, and opens another. */
  reopen(reason = 'the channel was given up'): void {
    const { channel } = this;
    if (channel === undefined) return;
    this.lose(channel, reason);
    channel.close().catch(() => {
      // It is closed already, which is what was wanted.
    });
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    this.connection.forget(this.openSoon);
    const closed = this.channel?.close().catch(() => {
      // It is closed already, which is what was wanted.
    });
    if (closed !== undefined) await Promise.race([closed, pause(CLOSE_TIMEOUT_MS)]);
  }

  private async open(): Promise<void> {
    const model = this.connection.current;
    if (this.isOpening || this.channel !== undefined || model === undefined || this.stopping.signal.aborted) return;
    this.isOpening = true;
    let channel: OpenChannel | undefined;
    try {
      channel = await this.options.open(model);
      this.watch(channel);
      await this.options.setUp(channel);
      this.isReady = this.channel === channel;
      this.backoff.reset();
    } catch (error) {
      this.log.debug({ err: error }, 'could not open a channel');
      if (channel === undefined) void this.openLater();
      else this.reopen();
    } finally {
      this.isOpening = false;
    }
    if (this.stopping.signal.aborted) await this.stop();
  }

  private watch(channel: OpenChannel): void {
    let reason = 'the channel was closed';
    this.channel = channel;
    channel.on('error', (error: Error) => {
      reason = error.message;
    });
    // Before the library's own listener, which calls what is unconfirmed refused, though its fate is unknown.
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
