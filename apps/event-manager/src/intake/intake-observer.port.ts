import type { DbEvent, DbEventErrorCode } from '@dbem/db-event';
import type { Delivery } from '@dbem/transport';

/** What an intake does, for metrics and for those who watch. Names come as they came over the wire: nobody has said yet that they are known. */
export abstract class IntakeObserver {
  abstract received(event: DbEvent): void;
  /** The broker has confirmed the event in the queue of each service, so many ms after its arrival. */
  abstract forwarded(event: DbEvent, services: readonly string[], tookMs: number, delivery: Delivery): void;
  /** A publisher that waited for an answer has got it. */
  abstract acknowledged(publisher: string, outcome: 'accepted' | 'rejected'): void;
  /** @param publisher undefined if the message could not be read so far. */
  abstract parked(code: DbEventErrorCode, publisher: string | undefined): void;
  /** So many deliveries go back to the queue, and come again. */
  abstract returned(count: number): void;
}
