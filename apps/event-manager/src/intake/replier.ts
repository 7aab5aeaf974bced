import type { DbEventError } from '@dbem/db-event';
import { encodeReply, type Reply } from '@dbem/entity-codec';
import { Broker, type Delivery } from '@dbem/transport';
import { Injectable } from '@nestjs/common';
import { Identities } from '../access/identity/identities';

/** Sends replies to clients that requested one (`replyTo`). A client that has disconnected repeats its request. */
@Injectable()
export class Replier {
  constructor(
    private readonly broker: Broker,
    private readonly identities: Identities,
  ) {}

  async accept(delivery: Delivery, services: readonly string[], expiredSinceMs?: number): Promise<void> {
    await this.reply(delivery, { status: 'ACCEPTED', services, expiredSinceMs });
  }

  async reject(delivery: Delivery, { code, message, retryable }: DbEventError): Promise<void> {
    await this.reply(delivery, { status: 'REJECTED', code, reason: message, retryable });
  }

  private async reply(delivery: Delivery, reply: Reply): Promise<void> {
    if (delivery.replyTo === undefined || !this.identities.mayReplyTo(delivery.replyTo)) return;
    await this.broker.publish({
      exchange: '',
      routingKey: delivery.replyTo,
      body: encodeReply(reply),
      mandatory: false,
      ...(delivery.correlationId !== undefined && { correlationId: delivery.correlationId }),
    });
  }
}
