import { type Log, pause } from '@dbem/runtime';
import type { OutgoingMessage } from '../../broker.port';
import { brokerUnavailable } from '../broker-unavailable';
import type { SupervisedConnection } from '../supervised-connection';
import { AnsweredClock } from './answered-clock';
import { ConfirmedPublisher } from './confirmed-publisher';
import { DestinationPublisher } from './destination-publisher';

export interface DestinationPublishersOptions {
  /** See `RabbitMqBrokerOptions`. Default: 30,000. */
  readonly confirmTimeoutMs?: number | undefined;
  /** Messages are not persistent and may be lost when the broker stops. Default: false. */
  readonly isTransient?: boolean;
}

/** Publishes to any number of destinations over one connection. None waits for another's confirms. */
export class DestinationPublishers {
  private shared: ConfirmedPublisher;
  /** Takes the place of the shared channel once it is open. */
  private replacement: ConfirmedPublisher | undefined;
  /** Those with publishes in flight or a channel of their own, by exchange and routing key. */
  private readonly destinations = new Map<string, DestinationPublisher>();
  private readonly clock: AnsweredClock;
  private readonly timeoutMs: number;
  private blockedSinceMs: number | undefined;
  private idleListeners: (() => void)[] = [];

  constructor(
    private readonly connection: SupervisedConnection,
    private readonly log: Log,
    private readonly options: DestinationPublishersOptions = {},
  ) {
    this.timeoutMs = options.confirmTimeoutMs ?? 30_000;
    this.shared = this.openChannel();
    this.clock = new AnsweredClock(connection, log, {
      isNeeded: () => !this.isIdle,
      onTick: () => this.check(),
    });
  }

  get isReady(): boolean {
    return this.shared.isReady;
  }

  /** See `Broker.answeredMs`. */
  get answeredMs(): number {
    return this.clock.nowMs;
  }

  /** See `Broker.publish`. */
  async publish(message: OutgoingMessage, timeoutMs = this.timeoutMs): Promise<void> {
    const key = `${message.exchange} ${message.routingKey}`;
    const destination = this.destinations.get(key) ?? this.open(key);
    try {
      await destination.publish(message, timeoutMs);
    } finally {
      if (destination.isDisposable) this.drop(key, destination);
      if (this.idleListeners.length > 0 && this.isIdle) for (const listener of this.idleListeners.splice(0)) listener();
    }
  }

  /** Waits for the publishes in flight, for at most the confirm timeout, then closes the channels. */
  async stop(): Promise<void> {
    const overdue = new AbortController();
    if (this.isReady) await Promise.race([this.idle(), pause(this.timeoutMs, overdue.signal)]);
    overdue.abort();
    await this.clock.stop();
    this.failAll('the publisher is stopping');
    const destinations = [...this.destinations.values()];
    const channels = [this.shared, ...(this.replacement === undefined ? [] : [this.replacement])];
    await Promise.all([...destinations, ...channels].map((each) => each.stop()));
  }

  private open(key: string): DestinationPublisher {
    const destination = new DestinationPublisher({
      shared: () => this.shared,
      open: () => this.openChannel(),
      onUnusable: (reason) => {
        this.log.warn({ destination: key, reason }, 'a destination gets a publishing channel of its own');
        this.replacement ??= this.openChannel();
      },
      nowMs: () => this.clock.nowMs,
    });
    this.destinations.set(key, destination);
    return destination;
  }

  private drop(key: string, destination: DestinationPublisher): void {
    void destination.stop();
    if (this.destinations.get(key) === destination) this.destinations.delete(key);
  }

  private openChannel(): ConfirmedPublisher {
    return new ConfirmedPublisher(this.connection, this.log, this.options);
  }

  private get isIdle(): boolean {
    return [...this.destinations.values()].every((destination) => destination.isIdle);
  }

  /** Resolves when no publish is in flight. */
  private async idle(): Promise<void> {
    if (this.isIdle) return;
    await new Promise<void>((resolve) => {
      this.idleListeners.push(resolve);
    });
  }

  private check(): void {
    this.replaceShared();
    this.checkForBlocking();
    for (const [key, destination] of this.destinations) {
      destination.check();
      if (destination.isDisposable) this.drop(key, destination);
    }
  }

  private replaceShared(): void {
    if (!this.replacement?.isReady) return;
    this.shared.retire();
    this.shared = this.replacement;
    this.replacement = undefined;
  }

  /** What was sent just before the broker blocked publishers gets no confirm while that lasts. */
  private checkForBlocking(): void {
    const { blockedReason } = this.connection.health();
    if (blockedReason === undefined) {
      this.blockedSinceMs = undefined;
      return;
    }
    this.blockedSinceMs ??= performance.now();
    if (performance.now() - this.blockedSinceMs >= this.timeoutMs)
      this.failAll(`publishers are blocked: ${blockedReason}`);
  }

  private failAll(reason: string): void {
    for (const destination of this.destinations.values()) destination.fail(brokerUnavailable(reason));
  }
}
