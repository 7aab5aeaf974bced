import { Injectable } from '@nestjs/common';

/** Weight of the newest message in the mean. */
const WEIGHT = 0.01;

/**
 * Moving average of the size of the messages that this manager forwards to each service. AMQP reports the number of
 * messages in a queue, but not their size.
 */
@Injectable()
export class MessageSizes {
  private readonly means = new Map<string, number>();

  note(service: string, bytes: number): void {
    const mean = this.means.get(service) ?? bytes;
    this.means.set(service, mean + (bytes - mean) * WEIGHT);
  }

  /** Mean size in bytes; undefined if this manager has forwarded nothing to the service. */
  meanOf(service: string): number | undefined {
    return this.means.get(service);
  }
}
