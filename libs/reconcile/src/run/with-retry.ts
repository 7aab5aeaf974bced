import { DbEventError } from '@dbem/db-event';
import { Backoff } from '@dbem/runtime';
import type { Clock } from './endpoints.port';

export interface Waiting {
  readonly clock: Clock;
  /** Called before each pause; if it rejects, the call is not retried. */
  readonly onWaiting: (reason: string) => Promise<void>;
  readonly onReached: () => Promise<void>;
}

type Method = (...params: unknown[]) => Promise<unknown>;

/** Wraps an endpoint so that calls that fail with a retryable error are retried with backoff, without limit. */
export function withRetry<Endpoint extends object>(endpoint: Endpoint, waiting: Waiting): Endpoint {
  return new Proxy(endpoint, {
    get(target, name) {
      const method = Reflect.get(target, name) as Method;
      return (...params: unknown[]) => callWithRetry(() => method.apply(target, params), waiting);
    },
  });
}

async function callWithRetry(call: () => Promise<unknown>, { clock, onWaiting, onReached }: Waiting): Promise<unknown> {
  const backoff = new Backoff({ initialMs: 200, maxMs: 5_000 });
  for (let hasWaited = false; ; hasWaited = true) {
    try {
      const answer = await call();
      if (hasWaited) await onReached();
      return answer;
    } catch (error) {
      if (!(error instanceof DbEventError) || !error.retryable) throw error;
      await onWaiting(error.message);
      await clock.pause(backoff.next());
    }
  }
}
