import { Injectable } from '@nestjs/common';

/** Of the mean, how much comes from the newest message. */
const WEIGHT = 0.01;

/**
 * How large the messages are that this manager has forwarded to each service, on average, the newer counting more. AMQP tells how
 * many messages wait in a queue, not how large they are.
 */
@Injectable()
export class MessageSizes {
  private readonly means = new Map<string, number>();

  note(service: string, bytes: number): void {
    const mean = this.means.get(service) ?? bytes;
    this.means.set(service, mean + (bytes - mean) * WEIGHT);
  }

  /** Bytes; undefined if this manager has forwarded none to it. */
  meanOf(service: string): number | undefined {
    return this.means.get(service);
  }
}
