import type { DbEvent, DbEventErrorCode } from '@dbem/db-event';
import type { Delivery } from '@dbem/transport';

/** Is notified of what an intake does, for metrics and the tail. Service names come unchecked from the wire. */
export abstract class IntakeObserver {
  abstract received(event: DbEvent): void;
  /** The broker has confirmed the event in the queue of each service, `tookMs` after its arrival. */
  abstract forwarded(event: DbEvent, services: readonly string[], tookMs: number, delivery: Delivery): void;
  /** A reply was sent to a publisher that requested one. */
  abstract acknowledged(publisher: string, outcome: 'accepted' | 'rejected'): void;
  /** @param publisher undefined if the message could not be decoded. */
  abstract parked(code: DbEventErrorCode, publisher: string | undefined): void;
  /** `count` deliveries are returned to the queue for redelivery. */
  abstract returned(count: number): void;
}
