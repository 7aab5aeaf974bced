import { type DbEvent, DbEventError } from '@dbem/db-event';
import type { SubscriptionRequest } from '@dbem/entity-codec';
import { SenderCheck } from '@dbem/observation';
import { type Delivery, PARKING_HEADERS } from '@dbem/transport';
import { Injectable } from '@nestjs/common';
import { IdentityOptions } from './identity-options';

/**
 * Decides which messages are authentic: a broker user may act for the service of its own name, or for the services
 * that are configured for it. The user is the AMQP property `user_id`, which the broker validates against the
 * connection's user.
 */
@Injectable()
export class Identities extends SenderCheck {
  private readonly legacyServices: ReadonlySet<string>;

  constructor(private readonly options: IdentityOptions) {
    super();
    this.legacyServices = new Set(options.legacyServices);
  }

  get isEnforced(): boolean {
    return this.options.mode === 'enforced';
  }

  /** The broker user that originally published the message; undefined if the message has no `user_id`. */
  publisherOf({ userId, headers }: Pick<Delivery, 'userId' | 'headers'>): string | undefined {
    const isRedriven = this.isEnforced && userId !== undefined && userId === this.options.ownUser;
    if (!isRedriven) return userId;
    const original = headers[PARKING_HEADERS.userId];
    return typeof original === 'string' ? original : undefined;
  }

  /**
   * @param mayBeLegacy whether a legacy service may have sent it, which needs no user; never true for a batch.
   * @throws DbEventError PUBLISHER_FORGED, SUBSCRIBER_FORGED
   */
  check(message: DbEvent | SubscriptionRequest, userId: string | undefined, mayBeLegacy = false): void {
    const isRequest = 'subscriber' in message;
    if (isRequest) this.checkSender(message.subscriber, userId, 'SUBSCRIBER_FORGED', mayBeLegacy);
    else this.checkSender(message.publisher, userId, 'PUBLISHER_FORGED', mayBeLegacy);
  }

  /** @throws DbEventError with `code`, if the broker user may not act for the service. */
  checkSender(
    service: string,
    userId: string | undefined,
    code: 'PUBLISHER_FORGED' | 'SUBSCRIBER_FORGED' = 'PUBLISHER_FORGED',
    mayBeLegacy = false,
  ): void {
    if (!this.isEnforced || this.mayActFor(service, userId, mayBeLegacy)) return;
    const sender = userId === undefined ? 'A sender without user_id' : `Broker user "${userId}"`;
    const act = code === 'SUBSCRIBER_FORGED' ? 'subscribe' : 'publish';
    throw new DbEventError(code, `${sender} may not ${act} as "${service}"`, { details: { userId, service } });
  }

  /**
   * Replies are sent only to RabbitMQ's direct reply-to or to a queue that the broker named. Otherwise a client could
   * make the manager write to any queue.
   */
  mayReplyTo(replyTo: string): boolean {
    return !this.isEnforced || /^amq\.(rabbitmq\.reply-to\.|gen-)/.test(replyTo);
  }

  private mayActFor(service: string, userId: string | undefined, mayBeLegacy: boolean): boolean {
    if (userId === undefined) return mayBeLegacy && this.legacyServices.has(service);
    const configured = this.options.users.filter(({ user }) => user === userId);
    return configured.length === 0 ? userId === service : configured.some((entry) => entry.service === service);
  }
}
