import type { DbEventError } from '@dbem/db-event';
import Denque from 'denque';

/** A publish that awaits its confirm. */
export interface PendingPublish {
  /** Set if the broker returned the message as unroutable. */
  returnReason: string | undefined;
  done(error?: DbEventError): void;
}

interface Slot {
  publish: PendingPublish | undefined;
}

/**
 * The unconfirmed publishes of a channel, by consecutive numbers.
 *
 * Not a Map: V8 links each hash table of a Map to the one that replaced it, so once one of them is in the old
 * generation, all later ones and their entries end up there, too
 * (docs/decisions/0049-short-lived-event-objects.md).
 */
export class PendingPublishes {
  private readonly slots = new Denque<Slot>();
  private firstNumber = 1;
  private count = 0;

  /** Number of publishes. */
  get size(): number {
    return this.count;
  }

  /** The number of the next publish that is added. */
  get nextNumber(): number {
    return this.firstNumber + this.slots.length;
  }

  /** @returns its number. */
  add(publish: PendingPublish): number {
    const number = this.nextNumber;
    this.slots.push({ publish });
    this.count += 1;
    return number;
  }

  find(number: number): PendingPublish | undefined {
    return this.slotOf(number)?.publish;
  }

  /** @returns the removed publish; undefined if there was none. */
  remove(number: number): PendingPublish | undefined {
    const slot = this.slotOf(number);
    const publish = slot?.publish;
    if (slot === undefined || publish === undefined) return undefined;
    slot.publish = undefined;
    this.count -= 1;
    this.dropConfirmed();
    return publish;
  }

  /** @returns all removed publishes, oldest first. */
  removeAll(): PendingPublish[] {
    const publishes = this.slots.toArray().flatMap(({ publish }) => publish ?? []);
    this.firstNumber = this.nextNumber;
    this.slots.clear();
    this.count = 0;
    return publishes;
  }

  private slotOf(number: number): Slot | undefined {
    const index = number - this.firstNumber;
    // Denque counts a negative index from the end.
    return index < 0 ? undefined : this.slots.peekAt(index);
  }

  /** Keeps an unconfirmed publish at the front. */
  private dropConfirmed(): void {
    while (this.slots.length > 0 && this.slots.peekFront()?.publish === undefined) {
      this.slots.shift();
      this.firstNumber += 1;
    }
  }
}
