import type { DbEvent, DbEventError } from '@dbem/db-event';
import { type Delivery, encodeElement, type SentEvent } from '@dbem/transport';
import type { PendingEvents } from './pending-events';

/** An event between its arrival and the confirms of all its destinations. */
export class IntakeEvent implements SentEvent {
  private readonly arrivedAtMs = performance.now();
  private destinationsLeft = 0;
  private isGivenUp = false;
  private ownEncoding: Buffer | undefined;

  /**
   * @param content the event as it is forwarded.
   * @param onForwarded called when all destinations have the event, `tookMs` after its arrival.
   */
  constructor(
    readonly event: DbEvent,
    readonly content: Delivery,
    private readonly pending: PendingEvents,
    private readonly onForwarded: (tookMs: number) => void,
  ) {}

  get encoded(): Buffer {
    this.ownEncoding ??= this.content.encoded ?? encodeElement(this.content);
    return this.ownEncoding;
  }

  /** The event has this many destinations; to be called once, before it is sent to any of them. */
  expect(destinations: number): void {
    this.destinationsLeft = destinations;
    if (destinations === 0) this.finish();
  }

  confirmed(): void {
    this.destinationsLeft -= 1;
    if (this.destinationsLeft === 0 && !this.isGivenUp) this.finish();
  }

  failed(error: DbEventError): void {
    if (this.isGivenUp) return;
    this.isGivenUp = true;
    this.pending.fail(error);
  }

  private finish(): void {
    this.onForwarded(performance.now() - this.arrivedAtMs);
    this.pending.finish();
  }
}
