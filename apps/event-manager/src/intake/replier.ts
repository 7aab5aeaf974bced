import { DbEventError } from '@dbem/db-event';
import { encodeReply, type Reply } from '@dbem/entity-codec';
import type { Log } from '@dbem/platform';
import type { Broker, Delivery } from '@dbem/transport';

/** Answers who asked for an answer (`replyTo`). Who has gone meanwhile gets none: they must ask again anyway. */
export class Replier {
  constructor(
    private readonly broker: Broker,
    private readonly log: Log,
  ) {}

  async accept(delivery: Delivery, services: readonly string[]): Promise<void> {
    await this.reply(delivery, { status: 'ACCEPTED', services });
  }

  async reject(delivery: Delivery, { code, message, retryable }: DbEventError): Promise<void> {
    await this.reply(delivery, { status: 'REJECTED', code, reason: message, retryable });
  }

  private async reply(delivery: Delivery, reply: Reply): Promise<void> {
    if (delivery.replyTo === undefined) return;
    try {
      await this.broker.publish({
        exchange: '',
        routingKey: delivery.replyTo,
        body: encodeReply(reply),
        ...(delivery.correlationId !== undefined && { correlationId: delivery.correlationId }),
      });
    } catch (error) {
      if (!(error instanceof DbEventError) || error.code !== 'MESSAGE_UNROUTABLE') throw error;
      this.log.debug({ replyTo: delivery.replyTo, status: reply.status }, 'nobody waits for this reply any more');
    }
  }
}
