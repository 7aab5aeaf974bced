import type { DbEvent } from '@dbem/db-event';
import type { SentEvent } from '@dbem/transport';

/** An event on its way to services' queues. */
export interface ForwardedEvent extends SentEvent {
  readonly event: DbEvent;
}

/** An event that comes from its publisher. */
export interface RoutedEvent extends ForwardedEvent {
  /** To be called once, before the event is sent to the first of these services. */
  expect(services: readonly string[]): void;
}
