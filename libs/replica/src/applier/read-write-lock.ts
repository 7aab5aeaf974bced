/**
 * Runs shared work concurrently, and exclusive work alone: after all work that was submitted before it, and before all
 * that is submitted later.
 */
export class ReadWriteLock {
  private lastExclusive: Promise<unknown> = Promise.resolve();
  private allSoFar: Promise<unknown> = Promise.resolve();

  run(isExclusive: boolean, work: () => Promise<void>): Promise<void> {
    const running = (isExclusive ? this.allSoFar : this.lastExclusive).then(work);
    // The caller gets the error; other work must run all the same.
    const ended = running.catch(() => {});
    if (isExclusive) this.lastExclusive = ended;
    this.allSoFar = Promise.all([this.allSoFar, ended]);
    return running;
  }
}
