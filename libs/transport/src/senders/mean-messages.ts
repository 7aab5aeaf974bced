import { Injectable } from '@nestjs/common';

/** Weight of the newest message in the means. */
const WEIGHT = 0.01;

/** Means of the messages in a queue. */
export interface MeanMessage {
  readonly events: number;
  readonly bytes: number;
}

/** Assumed of a queue that this manager has neither sent to nor received from. */
const UNKNOWN: MeanMessage = { events: 1, bytes: 0 };

/**
 * Moving averages of the messages that this manager sends to each queue, or receives from it. AMQP reports the number
 * of messages in a queue, but neither their size nor how many events they carry, so both are estimates.
 */
@Injectable()
export class MeanMessages {
  private readonly means = new Map<string, { events: number; bytes: number }>();

  /** Notes a message with that many events. */
  note(queue: string, events: number, bytes: number): void {
    const mean = this.means.get(queue);
    if (mean === undefined) {
      this.means.set(queue, { events, bytes });
      return;
    }
    mean.events += (events - mean.events) * WEIGHT;
    mean.bytes += (bytes - mean.bytes) * WEIGHT;
  }

  of(queue: string): MeanMessage {
    return this.means.get(queue) ?? UNKNOWN;
  }

  /** The estimated number of events in that many messages of a queue. */
  eventsIn(queue: string, messages: number): number {
    return Math.round(messages * this.of(queue).events);
  }
}
