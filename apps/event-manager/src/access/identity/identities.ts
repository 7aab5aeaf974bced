import { type DbEvent, DbEventError } from '@dbem/db-event';
import type { SubscriptionRequest } from '@dbem/entity-codec';
import { SpeakerCheck } from '@dbem/observation';
import { type Delivery, PARKING_HEADERS } from '@dbem/transport';
import { Injectable } from '@nestjs/common';
import { IdentityOptions } from './identity-options';

/**
 * Whose messages are believed: a broker user speaks for the service of its name, or for those that it is configured for. The
 * user is the AMQP property `user_id`, in which the broker lets nobody but that user stand.
 */
@Injectable()
export class Identities extends SpeakerCheck {
  private readonly legacyServices: ReadonlySet<string>;

  constructor(private readonly options: IdentityOptions) {
    super();
    this.legacyServices = new Set(options.legacyServices);
  }

  get isEnforced(): boolean {
    return this.options.mode === 'enforced';
  }

  /** The broker user that published the message first; undefined if it left that out. */
  publisherOf({ userId, headers }: Pick<Delivery, 'userId' | 'headers'>): string | undefined {
    const isOurs = this.isEnforced && userId !== undefined && userId === this.options.ownUser;
    if (!isOurs) return userId;
    const first = headers[PARKING_HEADERS.userId];
    return typeof first === 'string' ? first : undefined;
  }

  /** @throws DbEventError PUBLISHER_FORGED, SUBSCRIBER_FORGED */
  check(message: DbEvent | SubscriptionRequest, userId: string | undefined): void {
    const isRequest = 'subscriber' in message;
    if (isRequest) this.checkSpeaker(message.subscriber, userId, 'SUBSCRIBER_FORGED');
    else this.checkSpeaker(message.publisher, userId);
  }

  /** @throws DbEventError with `code`, if the broker user may not speak for the service. */
  checkSpeaker(
    service: string,
    userId: string | undefined,
    code: 'PUBLISHER_FORGED' | 'SUBSCRIBER_FORGED' = 'PUBLISHER_FORGED',
  ): void {
    if (!this.isEnforced || this.maySpeakFor(service, userId)) return;
    const who = userId === undefined ? 'somebody who left out his user' : `the broker user "${userId}"`;
    const act = code === 'SUBSCRIBER_FORGED' ? 'subscribe' : 'publish';
    throw new DbEventError(code, `${who} may not ${act} as "${service}"`, { details: { userId, service } });
  }

  /**
   * An answer goes only where nobody else's messages wait: to RabbitMQ's direct reply-to, or to a queue whose name the broker
   * drew. Else who asks could have the manager write to any queue.
   */
  mayBeAnsweredAt(replyTo: string): boolean {
    return !this.isEnforced || /^amq\.(rabbitmq\.reply-to\.|gen-)/.test(replyTo);
  }

  private maySpeakFor(service: string, userId: string | undefined): boolean {
    if (userId === undefined) return this.legacyServices.has(service);
    const configured = this.options.users.filter(({ user }) => user === userId);
    return configured.length === 0 ? userId === service : configured.some((entry) => entry.service === service);
  }
}
