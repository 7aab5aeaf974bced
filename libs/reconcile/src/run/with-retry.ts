import { DbEventError } from '@dbem/db-event';
import { Backoff } from '@dbem/runtime';
import type { Clock } from './endpoints.port';

export interface Waiting {
  readonly clock: Clock;
  /** Before each pause; its rejection ends the waiting. */
  readonly onWaiting: (reason: string) => Promise<void>;
  readonly onReached: () => Promise<void>;
}

type Method = (...params: unknown[]) => Promise<unknown>;

/** A side whose calls are repeated, after growing pauses, for as long as they fail for a passing reason. */
export function patient<Side extends object>(side: Side, waiting: Waiting): Side {
  return new Proxy(side, {
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
