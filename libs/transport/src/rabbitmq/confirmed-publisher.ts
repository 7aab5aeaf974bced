import { DbEventError } from '@dbem/db-event';
import { type Log, PeriodicTask } from '@dbem/runtime';
import type { ConfirmChannel, Options } from 'amqplib';
import type { OutgoingMessage } from '../broker.port';
import { brokerUnavailable } from './broker-unavailable';
import { type PendingPublish, PendingPublishes } from './pending-publishes';
import { numberOf, publishMark } from './publish-mark';
import { SupervisedChannel } from './supervised-channel';
import type { SupervisedConnection } from './supervised-connection';

/** A message without the place that it goes to. */
type SentMessage = Omit<OutgoingMessage, 'exchange' | 'routingKey'>;

export interface ConfirmedPublisherOptions {
  /** A confirm that takes longer means that the channel is stuck: it is opened anew, ms. Default: 30,000. */
  readonly confirmTimeoutMs?: number;
  /** Prepares each fresh channel. */
  readonly setUp?: (channel: ConfirmChannel) => Promise<void>;
  /** Messages may be lost with the broker. Default: false, they are kept on disk. */
  readonly isTransient?: boolean;
  /** The channel is gone, and with it what `setUp` has done. */
  readonly onLost?: (reason: string) => void;
}

/** Past either bound a publish is refused: the caller is faster than the broker. */
const MAX_PENDING = 20_000;
const MAX_PENDING_BYTES = 256 * 1024 * 1024;
const CHECK_INTERVAL_MS = 1_000;

/**
 * Publishes on one confirming channel, many at a time.
 *
 * Publishes are mandatory unless they say otherwise, so a message that no queue took comes back as a `return`, ahead of its confirm. A return
 * names no delivery tag, so each message carries a mark of its own (`publishMark`).
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
            this.noteReturn(properties.appId, (fields as { replyText?: string }).replyText ?? 'no reason given');
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
      this.send(message, message.exchange, message.routingKey, (error) => {
        if (error === undefined) resolve();
        else reject(error);
      });
    });
  }

  /** As `publish`, wherever the message says that it goes. Calls `settle` once, at once if it can't be sent. */
  send(message: SentMessage, exchange: string, routingKey: string, settle: (error?: DbEventError) => void): void {
    const { body } = message;
    const channel = this.readyChannel(body.length, settle);
    if (channel === undefined) return;
    const sentAtMs = Date.now();
    const number = this.pending.add({ sentAtMs, size: body.length, returnedBecause: undefined, settle });
    const options = this.optionsOf(message, publishMark(number, sentAtMs));
    try {
      channel.publish(exchange, routingKey, body, options, (nack) => this.settle(number, nack));
    } catch (error) {
      this.remove(number);
      settle(brokerUnavailable(String(error), error));
    }
  }

  /** Resolves when no publish is in flight. */
  async idle(): Promise<void> {
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
    this.rejectAll('it is being closed');
  }

  private optionsOf(message: SentMessage, mark: string): Options.Publish {
    return {
      persistent: this.options.isTransient !== true,
      mandatory: message.mandatory ?? true,
      appId: mark,
      userId: this.connection.user,
      headers: withoutKeys(message.headers),
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
      if (channel === undefined) throw brokerUnavailable('its channel is being opened');
      if (this.pending.size >= MAX_PENDING || this.pending.bytes + size > MAX_PENDING_BYTES) {
        throw brokerUnavailable(`${this.pending.size} publishes wait for their confirms`);
      }
      return channel;
    } catch (error) {
      done(error as DbEventError);
      return undefined;
    }
  }

  private noteReturn(mark: string, replyText: string): void {
    const entry = this.pending.find(numberOf(mark));
    if (entry !== undefined) entry.returnedBecause = replyText;
  }

  private settle(number: number, nack: unknown): void {
    const entry = this.remove(number);
    if (entry === undefined) return;
    if (nack !== null && nack !== undefined) {
      entry.settle(
        new DbEventError('MESSAGE_REJECTED', 'The broker refused the message', { retryable: true, cause: nack }),
      );
    } else if (entry.returnedBecause !== undefined) {
      const reason = `No queue took the message: ${entry.returnedBecause}`;
      entry.settle(new DbEventError('MESSAGE_UNROUTABLE', reason, { retryable: true }));
    } else {
      entry.settle();
    }
  }

  private remove(number: number): PendingPublish | undefined {
    const entry = this.pending.remove(number);
    if (entry !== undefined) this.noteIfIdle();
    return entry;
  }

  private rejectAll(reason: string): void {
    const error = brokerUnavailable(reason);
    for (const { settle } of this.pending.removeAll()) settle(error);
    this.noteIfIdle();
  }

  private noteIfIdle(): void {
    if (this.pending.size > 0) return;
    for (const listener of this.idleListeners.splice(0)) listener();
  }

  private checkForStuckConfirms(): void {
    const { oldest } = this.pending;
    const timeoutMs = this.options.confirmTimeoutMs ?? 30_000;
    if (oldest === undefined || Date.now() - oldest.sentAtMs < timeoutMs) return;
    this.log.warn({ pending: this.pending.size, timeoutMs }, 'no confirm from the broker: opening the channel anew');
    this.rejectAll(`no confirm within ${timeoutMs} ms`);
    this.channel.reopen();
  }
}

/**
 * Headers that name further routing keys are ours to set (`cc`). In a message that is passed on they come from a stranger, and
 * would send it to queues of his choice.
 */
function withoutKeys(headers: OutgoingMessage['headers']): OutgoingMessage['headers'] {
  if (headers === undefined || !('CC' in headers || 'BCC' in headers)) return headers;
  const { CC: _cc, BCC: _bcc, ...others } = headers;
  return others;
}
