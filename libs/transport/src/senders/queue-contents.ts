import { Injectable } from '@nestjs/common';

/** Totals up to a message. */
interface Checkpoint {
  readonly messages: number;
  readonly events: number;
  readonly bytes: number;
}

/** Maximum checkpoints per queue. */
const MAX_CHECKPOINTS = 256;

const NONE: Checkpoint = { messages: 0, events: 0, bytes: 0 };

/**
 * Estimates how many events and bytes are in a queue from its number of messages, which is all that AMQP reports: as
 * many as were in the last messages that this manager sent to the queue, or received from it. Messages beyond these
 * count as one event of unknown size each if there are none, and otherwise as the mean.
 */
@Injectable()
export class QueueContents {
  /** In order of time; the last one is current. Older ones are thinned out. */
  private readonly histories = new Map<string, Checkpoint[]>();

  /** Notes a message with that many events. */
  note(queue: string, events: number, bytes: number): void {
    let history = this.histories.get(queue);
    if (history === undefined) {
      history = [NONE];
      this.histories.set(queue, history);
    }
    const last = history.at(-1) as Checkpoint;
    history.push({ messages: last.messages + 1, events: last.events + events, bytes: last.bytes + bytes });
    if (history.length > MAX_CHECKPOINTS) thinOut(history);
  }

  /** The estimated number of events in that many messages of a queue. */
  eventsIn(queue: string, messages: number): number {
    return this.estimate(queue, messages, ({ events }) => events, 1);
  }

  /** The estimated size of that many messages of a queue, bytes; 0 if nothing is known of it. */
  bytesIn(queue: string, messages: number): number {
    return this.estimate(queue, messages, ({ bytes }) => bytes, 0);
  }

  private estimate(queue: string, messages: number, read: (total: Checkpoint) => number, unknown: number): number {
    const history = this.histories.get(queue);
    const last = history?.at(-1);
    if (history === undefined || last === undefined) return messages * unknown;
    if (messages >= last.messages) return Math.round((read(last) / last.messages) * messages);
    return Math.round(read(last) - read(totalsAt(history, last.messages - messages)));
  }
}

/** Interpolates between the two checkpoints around that number of messages. */
function totalsAt(history: readonly Checkpoint[], messages: number): Checkpoint {
  const index = history.findIndex((checkpoint) => checkpoint.messages >= messages);
  const after = history[index] as Checkpoint;
  const before = history[Math.max(index - 1, 0)] as Checkpoint;
  if (after.messages === before.messages) return after;
  const share = (messages - before.messages) / (after.messages - before.messages);
  const between = (from: number, to: number) => from + (to - from) * share;
  return {
    messages,
    events: between(before.events, after.events),
    bytes: between(before.bytes, after.bytes),
  };
}

/** Drops every second checkpoint of the older half. */
function thinOut(history: Checkpoint[]): void {
  const half = history.length / 2;
  const kept = history.filter((_, index) => index === 0 || index >= half || index % 2 === 1);
  history.splice(0, history.length, ...kept);
}
