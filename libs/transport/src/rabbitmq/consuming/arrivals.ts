import Denque from 'denque';
import { BATCH_CONTENT_TYPE, BATCH_HEADER_BYTES } from '../../batches/batch-format';
import { deliveriesIn } from '../../batches/deliveries-in';
import type { Delivery } from '../../broker.port';

/** A message that is not acknowledged yet. Only part of amqplib's: the rest would reach the old generation with it. */
export interface Unacknowledged {
  readonly deliveryTag: number;
  /** Deliveries that are not handled yet: one, or the elements of a batch. */
  left: number;
  /** It has been acknowledged or requeued. */
  isAnswered: boolean;
}

/** A delivery, and the message that it belongs to. */
export interface Arrival {
  readonly delivery: Delivery;
  readonly message: Unacknowledged;
}

/**
 * The deliveries of messages that wait to be handled, in order. A batch is decoded only when its first element is
 * taken: its elements are many objects, which would outlive several garbage collections while they wait.
 */
export class Arrivals {
  private readonly messages = new Denque<Arrival>();
  /** The rest of the batch that was decoded last. */
  private decoded: Arrival[] = [];
  private inMessages = 0;

  /** @param hasBatches whether a batch is more than one delivery. */
  constructor(private readonly hasBatches: boolean) {}

  /** The number of deliveries; of batches that are not decoded yet, the counts in their headers. */
  get length(): number {
    return this.decoded.length + this.inMessages;
  }

  /** @returns the number of deliveries in the message. */
  push(message: Arrival): number {
    this.messages.push(message);
    const count = this.countIn(message.delivery);
    this.inMessages += count;
    return count;
  }

  /** Takes up to `count` deliveries. */
  take(count: number): Arrival[] {
    const taken: Arrival[] = [];
    while (taken.length < count) {
      if (this.decoded.length === 0 && !this.decodeNext()) break;
      taken.push(...this.decoded.splice(0, count - taken.length));
    }
    return taken;
  }

  clear(): void {
    this.messages.clear();
    this.decoded = [];
    this.inMessages = 0;
  }

  private decodeNext(): boolean {
    const next = this.messages.shift();
    if (next === undefined) return false;
    const { delivery, message } = next;
    this.inMessages -= this.countIn(delivery);
    const deliveries = this.hasBatches ? deliveriesIn(delivery) : [delivery];
    message.left = deliveries.length;
    this.decoded = deliveries.map((each) => ({ delivery: each, message }));
    return true;
  }

  private countIn({ contentType, body }: Delivery): number {
    if (!this.hasBatches || contentType !== BATCH_CONTENT_TYPE || body.length < BATCH_HEADER_BYTES) return 1;
    return Math.max(body.readUInt16BE(3), 1);
  }
}
