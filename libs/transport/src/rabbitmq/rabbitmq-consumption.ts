import { Backoff, type Log } from '@dbem/platform';
import type { Channel } from 'amqplib';
import type { BatchHandler, ConsumeOptions, Consumption } from '../broker.port';
import { ConsumerSession } from './consumer-session';
import { SupervisedChannel } from './supervised-channel';
import type { SupervisedConnection } from './supervised-connection';

const DEFAULTS: Required<ConsumeOptions> = { prefetch: 500, maxBatch: 250, maxBatchesInFlight: 1 };

/**
 * Consumes one queue on a channel of its own, through every loss of it.
 *
 *   detached (no channel, or no such queue) -> attached -(channel lost, or cancelled by the broker)-> detached …
 *   any -stop-> stopped
 *
 * Known gap: a queue that is deleted and declared again within milliseconds takes its consumers with it without a word
 * from RabbitMQ (3.10, quorum queues); they stay deaf until their channel or connection is opened anew.
 */
export class RabbitMqConsumption implements Consumption {
  private readonly channel: SupervisedChannel<Channel>;
  private session: ConsumerSession | undefined;
  private consumerTag: string | undefined;
  private stopped: Promise<void> | undefined;

  constructor(
    connection: SupervisedConnection,
    private readonly queue: string,
    private readonly handler: BatchHandler,
    options: ConsumeOptions,
    private readonly log: Log,
  ) {
    const complete = { ...DEFAULTS, ...options };
    const backoff = new Backoff({ initialMs: 100, maxMs: 10_000 });
    this.channel = new SupervisedChannel(
      connection,
      {
        open: (model) => model.createChannel(),
        setUp: (channel) => this.attach(channel, complete, backoff),
        onLost: (_channel, reason) => this.detach(reason),
      },
      log,
    );
  }

  get isAttached(): boolean {
    return this.channel.ready !== undefined && this.consumerTag !== undefined;
  }

  stop(): Promise<void> {
    this.stopped ??= this.finish();
    return this.stopped;
  }

  private async attach(channel: Channel, options: Required<ConsumeOptions>, backoff: Backoff): Promise<void> {
    const session = new ConsumerSession(channel, this.handler, options, backoff, this.log);
    this.session = session;
    await channel.prefetch(options.prefetch);
    const { consumerTag } = await channel.consume(this.queue, (message) => {
      if (message !== null) session.push(message);
      else this.cancelledByBroker();
    });
    this.consumerTag = consumerTag;
    this.log.debug({ queue: this.queue }, 'attached to the queue');
  }

  private cancelledByBroker(): void {
    this.log.warn({ queue: this.queue }, 'the broker cancelled the consumer');
    this.channel.reopen();
  }

  private detach(reason: string): void {
    if (this.consumerTag !== undefined) this.log.debug({ queue: this.queue, reason }, 'detached from the queue');
    this.consumerTag = undefined;
    this.session?.end();
    this.session = undefined;
  }

  private async finish(): Promise<void> {
    const drained = this.session?.drain();
    const { ready } = this.channel;
    if (ready !== undefined && this.consumerTag !== undefined) {
      await ready.cancel(this.consumerTag).catch((error: unknown) => {
        this.log.debug({ err: error, queue: this.queue }, 'could not cancel the consumer: its channel is gone');
      });
    }
    await drained;
    await this.channel.stop();
  }
}
