interface Waiting {
  readonly copies: number;
  readonly bytes: number;
  enter(): void;
}

/** Most copies of events that are on their way to the broker at once, and most bytes; well below what the broker client refuses. */
const MAX_COPIES = 4_000;
const MAX_BYTES = 64 * 1024 * 1024;

/**
 * Bounds the copies of events that wait for their confirms. One event for 100 services is 100 copies: a whole prefetch of
 * such events would be more than the broker client takes, and would be refused again and again. First come, first served.
 */
export class CopyWindow {
  private copies = 0;
  private bytes = 0;
  private readonly waiting: Waiting[] = [];

  constructor(
    private readonly maxCopies = MAX_COPIES,
    private readonly maxBytes = MAX_BYTES,
  ) {}

  /**
   * Runs `send`, which sends so many copies of so many bytes in all, as soon as there is room, and settles as it does. What is
   * larger than all the room goes alone.
   */
  async pass<Result>(copies: number, bytes: number, send: () => Promise<Result>): Promise<Result> {
    if (this.waiting.length > 0 || !this.hasRoom(copies, bytes)) {
      await new Promise<void>((resolve) => {
        this.waiting.push({ copies, bytes, enter: resolve });
      });
    } else {
      this.take(copies, bytes);
    }
    try {
      return await send();
    } finally {
      this.copies -= copies;
      this.bytes -= bytes;
      this.letIn();
    }
  }

  private hasRoom(copies: number, bytes: number): boolean {
    if (this.copies === 0) return true;
    return this.copies + copies <= this.maxCopies && this.bytes + bytes <= this.maxBytes;
  }

  private take(copies: number, bytes: number): void {
    this.copies += copies;
    this.bytes += bytes;
  }

  private letIn(): void {
    let next = this.waiting[0];
    while (next !== undefined && this.hasRoom(next.copies, next.bytes)) {
      this.waiting.shift();
      this.take(next.copies, next.bytes);
      next.enter();
      next = this.waiting[0];
    }
  }
}
