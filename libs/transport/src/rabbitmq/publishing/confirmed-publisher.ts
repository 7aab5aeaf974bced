import { DbEventError } from '@dbem/db-event';
import type { Log } from '@dbem/runtime';
import type { ConfirmChannel, Options } from 'amqplib';
import type { OutgoingMessage } from '../../broker.port';
import { brokerUnavailable } from '../broker-unavailable';
import { SupervisedChannel } from '../supervised-channel';
import type { SupervisedConnection } from '../supervised-connection';
import { type PendingPublish, PendingPublishes } from './pending-publishes';
import { numberOf, publishMark } from './publish-mark';

export interface ConfirmedPublisherOptions {
  /** Messages are not persistent and may be lost when the broker stops. Default: false. */
  readonly isTransient?: boolean;
  /** Prepares each new channel. */
  readonly setUp?: (channel: ConfirmChannel) => Promise<void>;
  /** The channel was lost, and with it everything that `setUp` did. */
  readonly onLost?: (reason: string) => void;
}

/**
 * Publishes on one confirm channel, with many publishes in flight.
 *
 * Publishes are mandatory by default, so the broker returns an unroutable message (`basic.return`) before it confirms
 * it. A return carries no delivery tag, so each message carries a mark by which it is recognised (`publishMark`).
 */
export class ConfirmedPublisher {
  private readonly channel: SupervisedChannel<ConfirmChannel>;
  private readonly pending = new PendingPublishes();
  private isRetired = false;

  constructor(
    private readonly connection: SupervisedConnection,
    log: Log,
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
  }

  get isReady(): boolean {
    return this.channel.ready !== undefined;
  }

  /** There is a connection, but the channel is not open yet. */
  get isOpening(): boolean {
    return !this.isReady && this.connection.current !== undefined;
  }

  /**
   * Calls `done` once; immediately if the message can't be sent.
   *
   * @returns the publish, by which it can be abandoned.
   */
  send(message: OutgoingMessage, done: (error?: DbEventError) => void): number | undefined {
    const { body, exchange, routingKey } = message;
    const channel = this.readyChannel(done);
    if (channel === undefined) return undefined;
    const sentAtMs = Date.now();
    const number = this.pending.add({ returnReason: undefined, done });
    const options = this.optionsOf(message, publishMark(number, sentAtMs));
    try {
      channel.publish(exchange, routingKey, body, options, (nack) => this.complete(number, nack));
      return number;
    } catch (error) {
      this.take(number)?.done(brokerUnavailable(String(error), error));
      return undefined;
    }
  }

  /** `done` of this publish is not called any more. */
  abandon(number: number): void {
    this.take(number);
  }

  /** Closes the channel when nothing that was sent on it awaits its confirm any more. */
  retire(): void {
    this.isRetired = true;
    if (this.pending.size === 0) void this.stop();
  }

  /** Replaces the channel: the broker answers nothing any more that was published on it. */
  reopen(reason: string): void {
    this.channel.reopen(reason);
  }

  /** Closes the channel; the outcome of what is in flight is unknown. */
  async stop(): Promise<void> {
    await this.channel.stop();
    this.rejectAll('the publisher is stopping');
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

  private readyChannel(done: (error: DbEventError) => void): ConfirmChannel | undefined {
    try {
      void this.connection.usable;
      const channel = this.channel.ready;
      if (channel === undefined) throw brokerUnavailable('the publishing channel is not open yet');
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
    const entry = this.take(number);
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

  private take(number: number): PendingPublish | undefined {
    const entry = this.pending.remove(number);
    if (this.isRetired && this.pending.size === 0) void this.stop();
    return entry;
  }

  private rejectAll(reason: string): void {
    const error = brokerUnavailable(reason);
    for (const { done } of this.pending.removeAll()) done(error);
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
