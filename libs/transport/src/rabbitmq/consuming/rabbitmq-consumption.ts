import { Backoff, type Log } from '@dbem/runtime';
import type { Channel, ConsumeMessage, Options } from 'amqplib';
import type { BatchHandler, ConsumeOptions, Consumption, OutgoingMessage, QueueState } from '../../broker.port';
import { SupervisedChannel } from '../supervised-channel';
import type { SupervisedConnection } from '../supervised-connection';
import { ConsumerSession, type SessionOptions } from './consumer-session';
import { type MonitoredConsumer, RE_REGISTRATION_MS, StuckConsumerMonitor } from './stuck-consumer-monitor';

const DEFAULTS: SessionOptions = { prefetch: 500, maxBatch: 250, maxBatchesInFlight: 1, fullBatchesAhead: 0 };

/**
 * Consumes one queue on a channel of its own, and re-registers whenever the channel or the registration is lost.
 *
 *   unregistered (no channel, or no such queue) -> registered -(channel lost, or cancelled by broker)-> unregistered …
 *   any -stop-> stopped
 *
 * RabbitMQ does not report every loss, so the queue is inspected periodically: see `StuckConsumerMonitor`.
 */
export class RabbitMqConsumption implements Consumption {
  private readonly channel: SupervisedChannel<Channel>;
  /** Undefined for a stream: streams don't have this defect of quorum queues, and always report 0 consumers. */
  private readonly monitor: StuckConsumerMonitor | undefined;
  private deliveries = 0;
  private registrations = 0;
  private reRegisteringUntilMs = 0;
  private session: ConsumerSession | undefined;
  private consumerTag: string | undefined;
  private stopped: Promise<void> | undefined;

  constructor(
    connection: SupervisedConnection,
    private readonly queue: string,
    private readonly handler: BatchHandler,
    private readonly options: ConsumeOptions,
    inspect: () => Promise<QueueState | undefined>,
    private readonly publish: (message: OutgoingMessage) => Promise<void>,
    private readonly log: Log,
    checkIntervalMs?: number,
  ) {
    const complete = { ...DEFAULTS, ...options };
    const backoff = new Backoff({ initialMs: 100, maxMs: 10_000 });
    this.channel = new SupervisedChannel(
      connection,
      {
        open: (model) => model.createChannel(),
        setUp: (channel) => this.register(channel, complete, backoff),
        onLost: (_channel, reason) => this.unregister(reason),
      },
      log,
    );
    if (options.readFrom === undefined) {
      this.monitor = new StuckConsumerMonitor(this.monitored(inspect), checkIntervalMs);
    }
  }

  get isRegistered(): boolean {
    return this.registration !== undefined || Date.now() < this.reRegisteringUntilMs;
  }

  get registration(): number | undefined {
    return this.channel.ready !== undefined && this.consumerTag !== undefined ? this.registrations : undefined;
  }

  stop(): Promise<void> {
    this.stopped ??= this.finish();
    return this.stopped;
  }

  private async register(channel: Channel, options: SessionOptions, backoff: Backoff): Promise<void> {
    const session = new ConsumerSession(channel, this.handler, this.publish, options, backoff, this.log);
    this.session = session;
    await channel.prefetch(options.prefetch);
    const onMessage = (message: ConsumeMessage | null) => {
      if (message === null) {
        this.reRegisterLost('the broker cancelled the consumer');
        return;
      }
      this.deliveries += 1;
      session.push(message);
    };
    const { consumerTag } = await channel.consume(this.queue, onMessage, this.consumeArguments());
    this.consumerTag = consumerTag;
    this.registrations += 1;
    this.reRegisteringUntilMs = 0;
    this.monitor?.reset();
    this.log.debug({ queue: this.queue }, 'consumer registered');
  }

  private consumeArguments(): Options.Consume {
    const offset = this.options.readFrom?.();
    return offset === undefined ? {} : { arguments: { 'x-stream-offset': offset } };
  }

  private reRegisterLost(reason: string): void {
    this.log.warn({ queue: this.queue, reason }, 'consumer lost its registration; re-registering');
    this.channel.reopen(reason);
  }

  private reRegisterIdle(): void {
    this.channel.reopen('idle consumer is re-registered as a precaution');
    this.reRegisteringUntilMs = Date.now() + RE_REGISTRATION_MS;
  }

  private monitored(inspect: () => Promise<QueueState | undefined>): MonitoredConsumer {
    return {
      isRegistered: () => this.registration !== undefined,
      isIdle: () => this.session?.isIdle ?? true,
      deliveries: () => this.deliveries,
      inspect,
      onStuck: (reason) => this.reRegisterLost(reason),
      onIdle: () => this.reRegisterIdle(),
    };
  }

  private unregister(reason: string): void {
    if (this.consumerTag !== undefined) this.log.debug({ queue: this.queue, reason }, 'consumer unregistered');
    this.consumerTag = undefined;
    this.reRegisteringUntilMs = 0;
    this.session?.end();
    this.session = undefined;
  }

  private async finish(): Promise<void> {
    this.monitor?.stop();
    this.reRegisteringUntilMs = 0;
    const drained = this.session?.drain();
    const { ready } = this.channel;
    if (ready !== undefined && this.consumerTag !== undefined) {
      await ready.cancel(this.consumerTag).catch((error: unknown) => {
        this.log.debug({ err: error, queue: this.queue }, 'could not cancel the consumer; its channel is closed');
      });
    }
    await drained;
    await this.channel.stop();
  }
}
