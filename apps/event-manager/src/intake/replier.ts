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

  accept(delivery: Delivery, services: readonly string[], expiredSinceMs?: number): void {
    this.reply(delivery, { status: 'ACCEPTED', services, expiredSinceMs });
  }

  reject(delivery: Delivery, { code, message, retryable }: DbEventError): void {
    this.reply(delivery, { status: 'REJECTED', code, reason: message, retryable });
  }

  private reply({ replyTo, correlationId }: Delivery, reply: Reply): void {
    if (replyTo === undefined || !this.identities.mayReplyTo(replyTo)) return;
    const body = encodeReply(reply);
    this.broker.reply({
      exchange: '',
      routingKey: replyTo,
      body,
      ...(correlationId !== undefined && { correlationId }),
    });
  }
}
