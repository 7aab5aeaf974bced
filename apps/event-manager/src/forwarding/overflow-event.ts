import type { DbEvent, DbEventError } from '@dbem/db-event';
import { type Delivery, elementOf } from '@dbem/transport';
import type { ForwardedEvent } from './forwarded-event';

/** An event in hand that came out of an overflow queue, and stays there until it is confirmed. */
export class OverflowEvent implements ForwardedEvent {
  private isDone = false;

  /** @param ended aborts when the event is no longer in hand: the overflow queue delivers it again. */
  constructor(
    readonly event: DbEvent,
    readonly content: Delivery,
    private readonly ended: AbortSignal,
    private readonly onDone: () => void,
  ) {}

  get encoded(): Buffer {
    return elementOf(this.content);
  }

  get isVoid(): boolean {
    return this.ended.aborted;
  }

  confirmed(): void {
    if (this.isDone) return;
    this.isDone = true;
    this.onDone();
  }

  failed(_error: DbEventError): void {
    // It stays in the overflow queue.
  }
}
