/**
 * What one waits for, for a time: cheaper than an AbortController a turn, of which a busy relay made thousands, each with an
 * error and its stack.
 */
export class Bell {
  private hasRung = false;
  private finish: (() => void) | undefined;

  ring(): void {
    this.hasRung = true;
    this.finish?.();
  }

  /** What rings from here on ends the next `wait`, even if that begins later. */
  listen(): void {
    this.hasRung = false;
  }

  /** Resolves when it rings, or has rung since `listen`, or after `ms`. */
  wait(ms: number): Promise<void> {
    if (this.hasRung) return Promise.resolve();
    return new Promise((resolve) => {
      const finish = () => {
        this.finish = undefined;
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(finish, ms);
      this.finish = finish;
    });
  }
}
