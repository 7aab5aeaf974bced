import type { DbEventError } from '@dbem/db-event';
import { Backoff, type Log } from '@dbem/runtime';
import type { ConfirmChannel, ConsumeMessage } from 'amqplib';
import type { Consumption, OrderedHandler, OrderedOptions, OutgoingMessage, QueueState } from '../../broker.port';
import { confirmOverdue } from '../confirm-overdue';
import type { AnsweredClock } from '../publishing/answered-clock';
import { ConfirmedPublisher } from '../publishing/confirmed-publisher';
import type { SupervisedConnection } from '../supervised-connection';
import { OrderedSession } from './ordered-session';
import { type MonitoredConsumer, RE_REGISTRATION_MS, StuckConsumerMonitor } from './stuck-consumer-monitor';

export interface OrderedConsumptionOptions extends OrderedOptions {
  readonly queue: string;
  readonly handler: OrderedHandler;
  /** Maximum wait for a confirm by the clock, ms. Default: 30,000. */
  readonly confirmTimeoutMs: number | undefined;
  readonly checkIntervalMs: number | undefined;
  readonly clock: AnsweredClock;
  readonly inspect: () => Promise<QueueState | undefined>;
  readonly onStopped: () => void;
  readonly log: Log;
}

const CONFIRM_TIMEOUT_MS = 30_000;

/**
 * Consumes one queue, and publishes what its handler makes of it, over one channel: when that ends, so does everything
 * that was published on it, and only then does the broker deliver the rest again, here or to another consumer.
 *
 *   unregistered -> registered -(channel lost, or a handler call failed: the channel is replaced)-> unregistered …
 *   any -stop-> stopped
 */
export class OrderedConsumption implements Consumption {
  private readonly publisher: ConfirmedPublisher;
  private readonly monitor: StuckConsumerMonitor;
  private readonly backoff = new Backoff({ initialMs: 100, maxMs: 5_000 });
  /** Oldest first. */
  private readonly unconfirmed = new Set<{ readonly sentAtMs: number; readonly fail: (error: DbEventError) => void }>();
  private session: OrderedSession | undefined;
  private isConsuming = false;
  private deliveries = 0;
  private registrations = 0;
  private reRegisteringUntilMs = 0;
  private stopped: Promise<void> | undefined;

  constructor(
    connection: SupervisedConnection,
    private readonly options: OrderedConsumptionOptions,
  ) {
    this.publisher = new ConfirmedPublisher(connection, options.log, {
      setUp: (channel) => this.register(channel),
      onLost: () => this.unregister(),
    });
    this.monitor = new StuckConsumerMonitor(this.monitored(), options.checkIntervalMs);
  }

  get isRegistered(): boolean {
    return this.registration !== undefined || Date.now() < this.reRegisteringUntilMs;
  }

  get registration(): number | undefined {
    return this.isConsuming && this.publisher.isReady ? this.registrations : undefined;
  }

  get isPublishing(): boolean {
    return this.unconfirmed.size > 0;
  }

  /** Gives up all unconfirmed publishes if the oldest was not confirmed in time. */
  check(): void {
    const { clock, confirmTimeoutMs = CONFIRM_TIMEOUT_MS } = this.options;
    const [oldest] = this.unconfirmed;
    if (oldest === undefined || clock.nowMs - oldest.sentAtMs < confirmTimeoutMs) return;
    for (const { fail } of [...this.unconfirmed]) fail(confirmOverdue(confirmTimeoutMs));
  }

  stop(): Promise<void> {
    this.stopped ??= this.finish();
    return this.stopped;
  }

  private async register(channel: ConfirmChannel): Promise<void> {
    const { queue, handler, maxBatch, log } = this.options;
    const session = new OrderedSession({
      channel,
      handler,
      maxBatch,
      publish: (message) => this.publish(message),
      backoff: this.backoff,
      onFailed: () => this.publisher.reopen('some deliveries could not be handled'),
      log,
    });
    this.session = session;
    await channel.prefetch(maxBatch);
    await channel.consume(queue, (message: ConsumeMessage | null) => {
      if (message === null) {
        this.publisher.reopen('the broker cancelled the consumer');
        return;
      }
      this.deliveries += 1;
      session.push(message);
    });
    this.isConsuming = true;
    this.registrations += 1;
    this.reRegisteringUntilMs = 0;
    this.monitor.reset();
    log.debug({ queue }, 'ordered consumer registered');
  }

  private unregister(): void {
    this.isConsuming = false;
    this.reRegisteringUntilMs = 0;
    this.session?.end();
    this.session = undefined;
  }

  private publish(message: OutgoingMessage): Promise<void> {
    return new Promise((resolve, reject) => {
      const publish = {
        sentAtMs: this.options.clock.nowMs,
        fail: (error: DbEventError) => {
          this.unconfirmed.delete(publish);
          reject(error);
        },
      };
      this.unconfirmed.add(publish);
      this.publisher.send(message, (error?: DbEventError) => {
        if (error !== undefined) publish.fail(error);
        else if (this.unconfirmed.delete(publish)) resolve();
      });
    });
  }

  private monitored(): MonitoredConsumer {
    return {
      isRegistered: () => this.registration !== undefined,
      isIdle: () => this.session?.isIdle ?? true,
      deliveries: () => this.deliveries,
      // Ready messages prove nothing: another consumer may be the active one.
      inspect: async () => {
        const state = await this.options.inspect();
        return state && { ...state, messages: 0 };
      },
      onStuck: (reason) => this.publisher.reopen(reason),
      onIdle: () => this.reRegisterIdle(),
    };
  }

  private reRegisterIdle(): void {
    this.publisher.reopen('idle consumer is re-registered as a precaution');
    this.reRegisteringUntilMs = Date.now() + RE_REGISTRATION_MS;
  }

  private async finish(): Promise<void> {
    this.monitor.stop();
    this.reRegisteringUntilMs = 0;
    await this.session?.drain();
    await this.publisher.stop();
    this.options.onStopped();
  }
}
