import type { DbEvent } from '@dbem/db-event';
import type { SentEvent } from '@dbem/transport';

/** An event on its way to services' queues. */
export interface ForwardedEvent extends SentEvent {
  readonly event: DbEvent;
  /** Undefined for an event that comes from an overflow queue: no delivery of the intake waits for it. */
  readonly arrivedAtMs?: number;
}

/** An event that comes from its publisher. */
export interface RoutedEvent extends ForwardedEvent {
  /** To be called once, before the event is sent to the first of these services. */
  expect(services: readonly string[]): void;
}
