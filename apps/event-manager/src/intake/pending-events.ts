/** The events of one handler call, until each of them is forwarded or given up. */
export class PendingEvents {
  private left = 0;
  private error: unknown;
  private end: (() => void) | undefined;

  add(): void {
    this.left += 1;
  }

  finish(): void {
    this.left -= 1;
    if (this.left === 0) this.end?.();
  }

  fail(error: unknown): void {
    this.error ??= error;
    this.finish();
  }

  /** Resolves when all are forwarded; rejects with the first error when all others are forwarded or given up, too. */
  async done(): Promise<void> {
    if (this.left > 0) {
      await new Promise<void>((resolve) => {
        this.end = resolve;
      });
    }
    if (this.error !== undefined) throw this.error;
  }
}
