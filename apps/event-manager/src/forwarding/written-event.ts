import type { DbEventError } from '@dbem/db-event';
import { type SentEvent, type Waiting, waitingElement } from '@dbem/transport';
import type { ForwardedEvent } from './forwarded-event';

/** An event on its way into a waiting queue, with where it goes afterwards. */
export class WrittenEvent implements SentEvent {
  readonly encoded: Buffer;

  constructor(
    readonly event: ForwardedEvent,
    waiting: Waiting,
  ) {
    this.encoded = waitingElement(event.encoded, waiting);
  }

  get content() {
    return this.event.content;
  }

  confirmed(): void {
    this.event.confirmed();
  }

  failed(error: DbEventError): void {
    this.event.failed(error);
  }
}
