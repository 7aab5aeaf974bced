interface Waiting {
  readonly size: number;
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

  /** Runs `send` as soon as there is room, and settles as it does. A copy that is larger than all the room goes alone. */
  async pass<Result>(size: number, send: () => Promise<Result>): Promise<Result> {
    if (this.waiting.length > 0 || !this.hasRoom(size)) {
      await new Promise<void>((resolve) => {
        this.waiting.push({ size, enter: resolve });
      });
    } else {
      this.take(size);
    }
    try {
      return await send();
    } finally {
      this.copies -= 1;
      this.bytes -= size;
      this.letIn();
    }
  }

  private hasRoom(size: number): boolean {
    if (this.copies === 0) return true;
    return this.copies < this.maxCopies && this.bytes + size <= this.maxBytes;
  }

  private take(size: number): void {
    this.copies += 1;
    this.bytes += size;
  }

  private letIn(): void {
    let next = this.waiting[0];
    while (next !== undefined && this.hasRoom(next.size)) {
      this.waiting.shift();
      this.take(next.size);
      next.enter();
      next = this.waiting[0];
    }
  }
}
