export interface BackoffOptions {
  /** Upper bound of the first delay, ms. Default: 100. */
  readonly initialMs?: number;
  /** Maximum delay, ms. Default: 10,000. */
  readonly maxMs?: number;
}

/**
 * Delays between retries: the bound doubles with each retry, and the delay is random between half the bound and the
 * bound.
 */
export class Backoff {
  private retries = 0;
  private readonly initialMs: number;
  private readonly maxMs: number;

  constructor(options: BackoffOptions = {}) {
    this.initialMs = options.initialMs ?? 100;
    this.maxMs = options.maxMs ?? 10_000;
  }

  /** The next delay, ms. */
  next(): number {
    const bound = Math.min(this.initialMs * 2 ** Math.min(this.retries, 30), this.maxMs);
    this.retries += 1;
    return bound / 2 + Math.random() * (bound / 2);
  }

  /** To be called after a success: the next delay is the initial one again. */
  reset(): void {
    this.retries = 0;
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
