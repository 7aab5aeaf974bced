import type { DbEventError } from '@dbem/db-event';
import Denque from 'denque';
import type { OutgoingMessage } from '../../broker.port';
import { MAX_UNCONFIRMED_BYTES, MAX_UNCONFIRMED_MESSAGES } from '../../publish-window';
import { confirmOverdue } from '../confirm-overdue';
import type { ConfirmedPublisher } from './confirmed-publisher';

/** How long a destination that can't use the shared channel is remembered if nothing is published to it, ms. */
const REMEMBERED_MS = 10 * 60_000;

/** A publish to a destination; waiting until `sent` is set. */
interface Publish {
  readonly message: OutgoingMessage;
  readonly timeoutMs: number;
  readonly done: (error?: DbEventError) => void;
  sent?: { readonly by: ConfirmedPublisher; readonly number: number; readonly atMs: number };
}

export interface DestinationPublisherOptions {
  /** The channel that all destinations share. */
  readonly shared: () => ConfirmedPublisher;
  /** Opens a channel for this destination alone. */
  readonly open: () => ConfirmedPublisher;
  /** This destination can no longer use the shared channel, which is to be replaced. */
  readonly onUnusable: (reason: string) => void;
  /** Time during which the broker answers, ms; see `AnsweredClock`. */
  readonly nowMs: () => number;
}

/**
 * Publishes to one destination: an exchange with a routing key, usually a queue. What exceeds the window waits.
 *
 * A destination that does not confirm in time, although the broker answers, or that rejects a message gets a channel of
 * its own, and another one after each further failure. RabbitMQ (3.10) never answers for some messages to a queue that
 * has lost its leader, not even when it is back; and a channel to which a full quorum queue has rejected a message
 * rejects all others, although the queue's limit was removed. A new channel has neither fault. With the first confirm
 * there the destination returns to the shared channel.
 *
 *   on the shared channel -(no confirm in time, or a rejection)-> on its own -(confirm)-> on the shared channel
 */
export class DestinationPublisher {
  private readonly waiting = new Denque<Publish>();
  /** Oldest first. */
  private readonly unconfirmed = new Set<Publish>();
  private unconfirmedBytes = 0;
  private own: ConfirmedPublisher | undefined;
  private lastUsedMs = performance.now();
  /** Rejects all further messages. */
  private rejecting: ConfirmedPublisher | undefined;

  constructor(private readonly options: DestinationPublisherOptions) {}

  get isIdle(): boolean {
    return this.unconfirmed.size === 0 && this.waiting.length === 0;
  }

  /** Nothing is in flight, nor has been for long if it can't use the shared channel. */
  get isDisposable(): boolean {
    if (!this.isIdle) return false;
    const usesShared = this.own === undefined && this.rejecting === undefined;
    return usesShared || performance.now() - this.lastUsedMs > REMEMBERED_MS;
  }

  publish(message: OutgoingMessage, timeoutMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const done = (error?: DbEventError) => (error === undefined ? resolve() : reject(error));
      this.waiting.push({ message, timeoutMs, done });
      this.flush();
    });
  }

  /** Gives up everything if the oldest message was not confirmed in time. Sends what waits for a channel. */
  check(): void {
    const { nowMs } = this.options;
    for (const { sent, timeoutMs } of this.unconfirmed) {
      if (sent === undefined || nowMs() - sent.atMs < timeoutMs) continue;
      this.fail(confirmOverdue(timeoutMs));
      this.replaceChannel('it confirms nothing although the broker answers');
      return;
    }
    this.flush();
  }

  /** Rejects everything that is not confirmed. Some of it may have arrived. */
  fail(error: DbEventError): void {
    this.lastUsedMs = performance.now();
    const failed = [...this.unconfirmed, ...this.waiting.toArray()];
    this.unconfirmed.clear();
    this.unconfirmedBytes = 0;
    this.waiting.clear();
    for (const { sent, done } of failed) {
      sent?.by.abandon(sent.number);
      done(error);
    }
  }

  async stop(): Promise<void> {
    await this.own?.stop();
  }

  private flush(): void {
    if (this.waiting.length > 0 && this.rejecting === (this.own ?? this.options.shared())) {
      // Those that are unconfirmed are rejected, too.
      if (this.unconfirmed.size > 0) return;
      this.replaceChannel('it rejected a message');
    }
    const publisher = this.own ?? this.options.shared();
    // The shared channel rejects while it is not open; a new one of its own is on its way.
    if (this.own?.isOpening) return;
    for (let next = this.waiting.peekFront(); next !== undefined; next = this.waiting.peekFront()) {
      if (!this.hasRoomFor(next)) return;
      this.waiting.shift();
      this.send(next, publisher);
    }
  }

  private hasRoomFor({ message }: Publish): boolean {
    if (this.unconfirmed.size === 0) return true;
    const bytes = this.unconfirmedBytes + message.body.length;
    return this.unconfirmed.size < MAX_UNCONFIRMED_MESSAGES && bytes <= MAX_UNCONFIRMED_BYTES;
  }

  private send(publish: Publish, publisher: ConfirmedPublisher): void {
    this.unconfirmed.add(publish);
    this.unconfirmedBytes += publish.message.body.length;
    const number = publisher.send(publish.message, (error) => this.complete(publish, error));
    if (number !== undefined) publish.sent = { by: publisher, number, atMs: this.options.nowMs() };
  }

  private complete(publish: Publish, error: DbEventError | undefined): void {
    if (!this.unconfirmed.delete(publish)) return;
    this.unconfirmedBytes -= publish.message.body.length;
    if (error === undefined) this.returnToSharedChannel();
    else if (error.code === 'MESSAGE_REJECTED') this.noteRejection(publish);
    publish.done(error);
    this.flush();
  }

  private noteRejection({ sent }: Publish): void {
    this.rejecting = sent?.by;
    this.lastUsedMs = performance.now();
  }

  private replaceChannel(reason: string): void {
    this.rejecting = undefined;
    this.lastUsedMs = performance.now();
    if (this.own === undefined) {
      this.own = this.options.open();
      this.options.onUnusable(reason);
    } else {
      this.own.reopen(reason);
    }
  }

  private returnToSharedChannel(): void {
    this.own?.retire();
    this.own = undefined;
  }
}
