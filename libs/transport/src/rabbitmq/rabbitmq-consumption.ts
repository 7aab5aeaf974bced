import { Backoff, type Log } from '@dbem/runtime';
import type { Channel, ConsumeMessage, Options } from 'amqplib';
import type { BatchHandler, ConsumeOptions, Consumption, QueueState } from '../broker.port';
import { ConsumerSession, type SessionOptions } from './consumer-session';
import { StuckConsumerMonitor } from './stuck-consumer-monitor';
import { SupervisedChannel } from './supervised-channel';
import type { SupervisedConnection } from './supervised-connection';

const DEFAULTS: SessionOptions = { prefetch: 500, maxBatch: 250, maxBatchesInFlight: 1, fullBatchesAhead: 0 };

/** A renewal that takes longer shows as detached, ms. */
const RENEWAL_MS = 1_000;

/**
 * Consumes one queue on a channel of its own, through every loss of it.
 *
 *   detached (no channel, or no such queue) -> attached -(channel lost, or cancelled by the broker)-> detached …
 *   any -stop-> stopped
 *
 * RabbitMQ does not tell of every loss: the queue is looked at now and then, see `StuckConsumerMonitor`.
 */
export class RabbitMqConsumption implements Consumption {
  private readonly channel: SupervisedChannel<Channel>;
  /** A stream needs none: it has not the quorum queue's defect, and says of itself that it has no consumers. */
  private readonly watch: StuckConsumerMonitor | undefined;
  private deliveries = 0;
  private attachments = 0;
  private renewingUntilMs = 0;
  private session: ConsumerSession | undefined;
  private consumerTag: string | undefined;
  private stopped: Promise<void> | undefined;

  constructor(
    connection: SupervisedConnection,
    private readonly queue: string,
    private readonly handler: BatchHandler,
    private readonly options: ConsumeOptions,
    inspect: () => Promise<QueueState | undefined>,
    private readonly log: Log,
    checkIntervalMs?: number,
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
    if (options.readFrom === undefined) this.watch = new StuckConsumerMonitor(this.watched(inspect), checkIntervalMs);
  }

  get isRegistered(): boolean {
    return this.registration !== undefined || Date.now() < this.renewingUntilMs;
  }

  get registration(): number | undefined {
    return this.channel.ready !== undefined && this.consumerTag !== undefined ? this.attachments : undefined;
  }

  stop(): Promise<void> {
    this.stopped ??= this.finish();
    return this.stopped;
  }

  private async attach(channel: Channel, options: SessionOptions, backoff: Backoff): Promise<void> {
    const session = new ConsumerSession(channel, this.handler, options, backoff, this.log);
    this.session = session;
    await channel.prefetch(options.prefetch);
    const onMessage = (message: ConsumeMessage | null) => {
      if (message === null) {
        this.reRegister('the broker cancelled the consumer');
        return;
      }
      this.deliveries += 1;
      session.push(message);
    };
    const { consumerTag } = await channel.consume(this.queue, onMessage, this.readArguments());
    this.consumerTag = consumerTag;
    this.attachments += 1;
    this.renewingUntilMs = 0;
    this.watch?.reset();
    this.log.debug({ queue: this.queue }, 'attached to the queue');
  }

  private readArguments(): Options.Consume {
    const offset = this.options.readFrom?.();
    return offset === undefined ? {} : { arguments: { 'x-stream-offset': offset } };
  }

  private reRegister(reason: string): void {
    this.log.warn({ queue: this.queue, reason }, 'attaching anew to the queue');
    this.channel.reopen(reason);
  }

  private renew(): void {
    this.channel.reopen('it was quiet for long');
    this.renewingUntilMs = Date.now() + RENEWAL_MS;
  }

  private watched(
    inspect: () => Promise<QueueState | undefined>,
  ): ConstructorParameters<typeof StuckConsumerMonitor>[0] {
    const consumption = this;
    return {
      get isRegistered() {
        return consumption.isRegistered;
      },
      get isIdle() {
        return consumption.session?.isIdle ?? true;
      },
      get deliveries() {
        return consumption.deliveries;
      },
      inspect,
      onStuck: (reason) => consumption.reRegister(reason),
      onQuiet: () => consumption.renew(),
    };
  }

  private detach(reason: string): void {
    if (this.consumerTag !== undefined) this.log.debug({ queue: this.queue, reason }, 'detached from the queue');
    this.consumerTag = undefined;
    this.renewingUntilMs = 0;
    this.session?.end();
    this.session = undefined;
  }

  private async finish(): Promise<void> {
    this.watch?.stop();
    this.renewingUntilMs = 0;
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
