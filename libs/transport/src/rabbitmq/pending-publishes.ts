import type { DbEventError } from '@dbem/db-event';
import Denque from 'denque';

/** A publish that waits for its confirm. */
export interface PendingPublish {
  readonly sentAtMs: number;
  /** Of its body, bytes. */
  readonly size: number;
  returnedBecause: string | undefined;
  settle(error?: DbEventError): void;
}

interface Slot {
  publish: PendingPublish | undefined;
}

/**
 * The publishes of a channel that wait for their confirms, by consecutive numbers.
 *
 * Not a Map: each table of one knows the table that took its place when it was full, so once one of them has grown old, all later
 * ones do, with all that waited in them (docs/decisions/0049-short-lived-event-objects.md).
 */
export class PendingPublishes {
  private readonly slots = new Denque<Slot>();
  private firstNumber = 1;
  private count = 0;
  private sizes = 0;

  /** How many they are. */
  get size(): number {
    return this.count;
  }

  /** Of all their bodies. */
  get bytes(): number {
    return this.sizes;
  }

  get oldest(): PendingPublish | undefined {
    return this.slots.peekFront()?.publish;
  }

  /** The number that the next one is going to have. */
  get nextNumber(): number {
    return this.firstNumber + this.slots.length;
  }

  /** @returns its number. */
  add(publish: PendingPublish): number {
    const number = this.nextNumber;
    this.slots.push({ publish });
    this.count += 1;
    this.sizes += publish.size;
    return number;
  }

  find(number: number): PendingPublish | undefined {
    return this.slotOf(number)?.publish;
  }

  /** @returns the one that was there; undefined if there is none any more. */
  remove(number: number): PendingPublish | undefined {
    const slot = this.slotOf(number);
    const publish = slot?.publish;
    if (slot === undefined || publish === undefined) return undefined;
    slot.publish = undefined;
    this.count -= 1;
    this.sizes -= publish.size;
    this.dropConfirmed();
    return publish;
  }

  /** Removes all. @returns them, from the oldest on. */
  removeAll(): PendingPublish[] {
    const publishes = this.slots.toArray().flatMap(({ publish }) => publish ?? []);
    this.firstNumber = this.nextNumber;
    this.slots.clear();
    this.count = 0;
    this.sizes = 0;
    return publishes;
  }

  private slotOf(number: number): Slot | undefined {
    const index = number - this.firstNumber;
    // A negative index would count from the end.
    return index < 0 ? undefined : this.slots.peekAt(index);
  }

  /** The window begins with one that waits. */
  private dropConfirmed(): void {
    while (this.slots.length > 0 && this.slots.peekFront()?.publish === undefined) {
      this.slots.shift();
      this.firstNumber += 1;
    }
  }
}
