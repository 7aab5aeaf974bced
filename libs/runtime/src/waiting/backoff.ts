export interface BackoffOptions {
  /** Upper bound of the first pause, ms. Default: 100. */
  readonly initialMs?: number;
  /** Upper bound that no pause exceeds, ms. Default: 10,000. */
  readonly maxMs?: number;
}

/** Pauses between tries: the bound doubles with each try, and the pause is drawn between half the bound and the bound. */
export class Backoff {
  private tries = 0;
  private readonly initialMs: number;
  private readonly maxMs: number;

  constructor(options: BackoffOptions = {}) {
    this.initialMs = options.initialMs ?? 100;
    this.maxMs = options.maxMs ?? 10_000;
  }

  /** The next pause, ms. */
  next(): number {
    const bound = Math.min(this.initialMs * 2 ** Math.min(this.tries, 30), this.maxMs);
    this.tries += 1;
    return bound / 2 + Math.random() * (bound / 2);
  }

  /** After a success: the next pause is a first one again. */
  reset(): void {
    this.tries = 0;
  }
}

/** Resolves after `ms`, or as soon as `signal` aborts. Never rejects. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) {
      resolve();
      return;
    }
    const finish = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', finish);
      resolve();
    };
    const timer = setTimeout(finish, ms);
    signal?.addEventListener('abort', finish);
  });
}
