import type { DbEvent, DbEventError } from '@dbem/db-event';
import type { EventSpan } from '@dbem/telemetry';
import { type Delivery, elementOf } from '@dbem/transport';
import type { RoutedEvent } from '../forwarding/forwarded-event';
import type { PendingEvents } from './pending-events';

/** An event between its arrival and the confirms of all its destinations. */
export class IntakeEvent implements RoutedEvent {
  /** The services that get the event; empty until it is forwarded. */
  services: readonly string[] = [];
  readonly arrivedAtMs = performance.now();
  private destinationsLeft = 0;
  private isGivenUp = false;
  private ownEncoding: Buffer | undefined;

  /** @param content the event as it is forwarded. */
  constructor(
    readonly event: DbEvent,
    readonly received: Delivery,
    readonly content: Delivery,
    readonly span: EventSpan,
    private readonly pending: PendingEvents,
    private readonly onForwarded: (event: IntakeEvent) => void,
  ) {}

  get encoded(): Buffer {
    this.ownEncoding ??= elementOf(this.content);
    return this.ownEncoding;
  }

  expect(services: readonly string[]): void {
    this.services = services;
    this.destinationsLeft = services.length;
    if (services.length === 0) this.finish();
  }

  confirmed(): void {
    this.destinationsLeft -= 1;
    if (this.destinationsLeft === 0 && !this.isGivenUp) this.finish();
  }

  failed(error: DbEventError): void {
    if (this.isGivenUp) return;
    this.isGivenUp = true;
    this.span.end(error);
    this.pending.fail(error);
  }

  private finish(): void {
    this.onForwarded(this);
    this.pending.finish();
  }
}
