import { Injectable } from '@nestjs/common';

/** Totals up to a message. */
interface Totals {
  readonly messages: number;
  readonly events: number;
  readonly bytes: number;
}

const NONE: Totals = { messages: 0, events: 0, bytes: 0 };

/** Maximum totals that are kept per queue and resolution. */
const MAX_TOTALS = 128;

/** The messages of one queue, from the first to the latest. */
class History {
  latest = NONE;
  /** After each of the latest messages. */
  private readonly recent: Totals[] = [NONE];
  /** After each `interval` messages; so these totals cover all messages. */
  private spaced: Totals[] = [NONE];
  private interval = 1;

  add(events: number, bytes: number): void {
    const { latest } = this;
    this.latest = { messages: latest.messages + 1, events: latest.events + events, bytes: latest.bytes + bytes };
    this.recent.push(this.latest);
    if (this.recent.length > MAX_TOTALS) this.recent.shift();
    if (this.latest.messages % this.interval !== 0) return;
    this.spaced.push(this.latest);
    if (this.spaced.length <= MAX_TOTALS) return;
    this.interval *= 2;
    this.spaced = this.spaced.filter(({ messages }) => messages % this.interval === 0);
  }

  /** Events and bytes in the latest `messages` messages; at most all that there were. */
  last(messages: number): Totals {
    const before = this.totalsAt(this.latest.messages - messages);
    return { messages, events: this.latest.events - before.events, bytes: this.latest.bytes - before.bytes };
  }

  private totalsAt(messages: number): Totals {
    const isRecent = messages >= (this.recent[0] as Totals).messages;
    const known = isRecent ? this.recent : [...this.spaced, this.latest];
    const index = known.findIndex((totals) => totals.messages >= messages);
    const after = known[index] as Totals;
    const before = known[Math.max(index - 1, 0)] as Totals;
    if (after.messages === messages) return after;
    const share = (messages - before.messages) / (after.messages - before.messages);
    const between = (from: number, to: number) => from + (to - from) * share;
    return { messages, events: between(before.events, after.events), bytes: between(before.bytes, after.bytes) };
  }
}

/**
 * Estimates how many events and bytes are in a queue from its number of messages, which is all that AMQP reports: as
 * many as were in the last messages that this manager sent to the queue, or received from it. Further messages count
 * as the mean; if nothing is known, as one event of unknown size.
 */
@Injectable()
export class QueueContents {
  private readonly histories = new Map<string, History>();

  /** Notes a message with that many events. */
  note(queue: string, events: number, bytes: number): void {
    let history = this.histories.get(queue);
    if (history === undefined) {
      history = new History();
      this.histories.set(queue, history);
    }
    history.add(events, bytes);
  }

  /** The estimated number of events in that many messages of a queue. */
  eventsIn(queue: string, messages: number): number {
    return Math.round(this.contentOf(queue, messages).events);
  }

  /** The estimated size of that many messages of a queue, bytes; 0 if nothing is known. */
  bytesIn(queue: string, messages: number): number {
    return Math.round(this.contentOf(queue, messages).bytes);
  }

  private contentOf(queue: string, messages: number): Totals {
    const history = this.histories.get(queue);
    if (history === undefined) return { messages, events: messages, bytes: 0 };
    const { latest } = history;
    if (messages <= latest.messages) return history.last(messages);
    const factor = messages / latest.messages;
    return { messages, events: latest.events * factor, bytes: latest.bytes * factor };
  }
}
