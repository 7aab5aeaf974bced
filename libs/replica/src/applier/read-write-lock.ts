/**
 * Runs work side by side, but what is ordered by itself: after all that began before it, and before all that begins later.
 */
export class ReadWriteLock {
  private lastOrdered: Promise<unknown> = Promise.resolve();
  private allSoFar: Promise<unknown> = Promise.resolve();

  take(isOrdered: boolean, work: () => Promise<void>): Promise<void> {
    const turn = (isOrdered ? this.allSoFar : this.lastOrdered).then(work);
    // Who handed the work in is told of its failure; others have their turns all the same.
    const ended = turn.catch(() => {});
    if (isOrdered) this.lastOrdered = ended;
    this.allSoFar = Promise.all([this.allSoFar, ended]);
    return turn;
  }
}
