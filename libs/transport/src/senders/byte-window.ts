/** Bounds the bytes that several senders have in flight. A sender that finds no room waits for its turn. */
export class ByteWindow {
  private taken = 0;
  private readonly waiting = new Map<() => void, number>();

  constructor(private readonly maxBytes: number) {}

  /**
   * Takes room for `bytes`; more than the whole window is granted while nothing else is in flight.
   *
   * @param onRoom called once, after false was returned, when it is this caller's turn to try again.
   */
  take(bytes: number, onRoom: () => void): boolean {
    if (this.taken > 0 && this.taken + bytes > this.maxBytes) {
      this.waiting.set(onRoom, bytes);
      return false;
    }
    this.taken += bytes;
    return true;
  }

  giveBack(bytes: number): void {
    this.taken -= bytes;
    for (const [onRoom, wanted] of this.waiting) {
      if (this.taken > 0 && this.taken + wanted > this.maxBytes) return;
      this.waiting.delete(onRoom);
      onRoom();
    }
  }
}
