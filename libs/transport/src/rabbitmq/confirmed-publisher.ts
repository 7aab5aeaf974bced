import { DbEventError } from '@dbem/db-event';
import { type Log, PeriodicTask } from '@dbem/runtime';
import type { ConfirmChannel, Options } from 'amqplib';
import type { OutgoingMessage } from '../broker.port';
import { brokerUnavailable } from './broker-unavailable';
import { type PendingPublish, PendingPublishes } from './pending-publishes';
import { numberOf, publishMark } from './publish-mark';
import { SupervisedChannel } from './supervised-channel';
import type { SupervisedConnection } from './supervised-connection';

export interface ConfirmedPublisherOptions {
  /** A channel whose oldest confirm takes longer is considered stuck and is reopened, ms. Default: 30,000. */
  readonly confirmTimeoutMs?: number;
  /** Prepares each new channel. */
  readonly setUp?: (channel: ConfirmChannel) => Promise<void>;
  /** Messages are not persistent and may be lost when the broker stops. Default: false. */
  readonly isTransient?: boolean;
  /** The channel was lost, and with it everything that `setUp` did. */
  readonly onLost?: (reason: string) => void;
}

/** Beyond either limit a publish is rejected: the caller is faster than the broker. */
const MAX_PENDING = 20_000;
const MAX_PENDING_BYTES = 256 * 1024 * 1024;
const CHECK_INTERVAL_MS = 1_000;

/**
 * Publishes on one confirm channel, with many publishes in flight.
 *
 * Publishes are mandatory by default, so the broker returns an unroutable message (`basic.return`) before it confirms
 * it. A return carries no delivery tag, so each message carries a mark by which it is recognised (`publishMark`).
 */
export class ConfirmedPublisher {
  private readonly channel: SupervisedChannel<ConfirmChannel>;
  private readonly pending = new PendingPublishes();
  private idleListeners: (() => void)[] = [];
  private readonly checking: PeriodicTask;

  constructor(
    private readonly connection: SupervisedConnection,
    private readonly log: Log,
    private readonly options: ConfirmedPublisherOptions = {},
  ) {
    this.channel = new SupervisedChannel(
      connection,
      {
        open: (model) => model.createConfirmChannel(),
        setUp: async (channel) => {
          channel.on('return', ({ fields, properties }) => {
            this.markReturned(properties.appId, (fields as { replyText?: string }).replyText ?? 'no reason given');
          });
          await options.setUp?.(channel);
        },
        onLost: (_channel, reason) => {
          this.rejectAll(reason);
          options.onLost?.(reason);
        },
      },
      log,
    );
    this.checking = PeriodicTask.every(CHECK_INTERVAL_MS, () => this.checkForStuckConfirms());
  }

  get isReady(): boolean {
    return this.channel.ready !== undefined;
  }

  /** See `Broker.publish`. */
  publish(message: OutgoingMessage): Promise<void> {
    return new Promise((resolve, reject) => {
      this.send(message, (error) => {
        if (error === undefined) resolve();
        else reject(error);
      });
    });
  }

  /** Resolves when no publish is in flight. */
  private async idle(): Promise<void> {
    if (this.pending.size === 0 || !this.isReady) return;
    await new Promise<void>((resolve) => {
      this.idleListeners.push(resolve);
    });
  }

  /** Waits for the publishes in flight, then closes the channel. */
  async stop(): Promise<void> {
    await this.idle();
    void this.checking.stop();
    await this.channel.stop();
    this.rejectAll('the publisher is stopping');
  }

  /** Calls `done` once; immediately if the message can't be sent. */
  private send(message: OutgoingMessage, done: (error?: DbEventError) => void): void {
    const { body, exchange, routingKey } = message;
    const channel = this.readyChannel(body.length, done);
    if (channel === undefined) return;
    const sentAtMs = Date.now();
    const number = this.pending.add({ sentAtMs, size: body.length, returnReason: undefined, done });
    const options = this.optionsOf(message, publishMark(number, sentAtMs));
    try {
      channel.publish(exchange, routingKey, body, options, (nack) => this.complete(number, nack));
    } catch (error) {
      this.remove(number);
      done(brokerUnavailable(String(error), error));
    }
  }

  private optionsOf(message: OutgoingMessage, mark: string): Options.Publish {
    return {
      persistent: this.options.isTransient !== true,
      mandatory: message.mandatory ?? true,
      appId: mark,
      userId: this.connection.user,
      headers: withoutRoutingHeaders(message.headers),
      contentType: message.contentType,
      messageId: message.messageId,
      correlationId: message.correlationId,
      replyTo: message.replyTo,
      CC: message.cc as string[] | undefined,
    };
  }

  private readyChannel(size: number, done: (error: DbEventError) => void): ConfirmChannel | undefined {
    try {
      void this.connection.usable;
      const channel = this.channel.ready;
      if (channel === undefined) throw brokerUnavailable('the publishing channel is not open yet');
      if (this.pending.size >= MAX_PENDING || this.pending.bytes + size > MAX_PENDING_BYTES) {
        throw brokerUnavailable(`too many unconfirmed publishes (${this.pending.size}, ${this.pending.bytes} bytes)`);
      }
      return channel;
    } catch (error) {
      done(error as DbEventError);
      return undefined;
    }
  }

  private markReturned(mark: string, replyText: string): void {
    const entry = this.pending.find(numberOf(mark));
    if (entry !== undefined) entry.returnReason = replyText;
  }

  private complete(number: number, nack: unknown): void {
    const entry = this.remove(number);
    if (entry === undefined) return;
    if (nack !== null && nack !== undefined) {
      entry.done(
        new DbEventError('MESSAGE_REJECTED', 'The broker rejected the message (nack)', {
          retryable: true,
          cause: nack,
        }),
      );
    } else if (entry.returnReason !== undefined) {
      const reason = `The message could not be routed to a queue: ${entry.returnReason}`;
      entry.done(new DbEventError('MESSAGE_UNROUTABLE', reason, { retryable: true }));
    } else {
      entry.done();
    }
  }

  private remove(number: number): PendingPublish | undefined {
    const entry = this.pending.remove(number);
    if (entry !== undefined) this.notifyIfIdle();
    return entry;
  }

  private rejectAll(reason: string): void {
    const error = brokerUnavailable(reason);
    for (const { done } of this.pending.removeAll()) done(error);
    this.notifyIfIdle();
  }

  private notifyIfIdle(): void {
    if (this.pending.size > 0) return;
    for (const listener of this.idleListeners.splice(0)) listener();
  }

  private checkForStuckConfirms(): void {
    const { oldest } = this.pending;
    const timeoutMs = this.options.confirmTimeoutMs ?? 30_000;
    if (oldest === undefined || Date.now() - oldest.sentAtMs < timeoutMs) return;
    this.log.warn(
      { pending: this.pending.size, timeoutMs },
      'timed out waiting for publish confirms; reopening the channel',
    );
    this.rejectAll(`no publish confirm within ${timeoutMs} ms`);
    this.channel.reopen();
  }
}

/**
 * Only `cc` may add routing keys. In a forwarded message these headers come from its publisher, who could send it to
 * any queue by them.
 */
function withoutRoutingHeaders(headers: OutgoingMessage['headers']): OutgoingMessage['headers'] {
  if (headers === undefined || !('CC' in headers || 'BCC' in headers)) return headers;
  const { CC: _cc, BCC: _bcc, ...others } = headers;
  return others;
}
