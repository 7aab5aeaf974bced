import { Problem } from '../api/problem';
import { sessionStore, TOKEN_REJECTED } from '../api/session-store';
import { applyChanges, type Topology, type TopologyChanges } from './apply-changes';
import { eventStream } from './event-stream';

export type FeedState = 'connecting' | 'live' | 'lost';

export interface Feed {
  readonly state: FeedState;
  /** The latest known; it is kept while the connection is lost. */
  readonly topology: Topology | undefined;
  /** Why the connection was lost. */
  readonly problem: Problem | undefined;
}

const MIN_RETRY_DELAY_MS = 500;
const MAX_RETRY_DELAY_MS = 5_000;
/** The server sends a keep-alive every 10 s; without one for this long, the connection counts as dead. */
const STREAM_TIMEOUT_MS = 30_000;

/**
 * Follows the topology: a snapshot, then changes. Reconnects without limit, with growing delays; after a missing
 * revision it requests a new snapshot. Connecting → live → lost → live …; `stop` ends it.
 */
export class TopologyFeed {
  private feed: Feed = { state: 'connecting', topology: undefined, problem: undefined };
  private readonly listeners = new Set<() => void>();
  private stopping = new AbortController();
  private isRunning = false;

  constructor(private readonly token: string) {}

  get = (): Feed => this.feed;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  start(): void {
    if (this.isRunning) return;
    this.isRunning = true;
    this.stopping = new AbortController();
    void this.run(this.stopping.signal);
  }

  stop(): void {
    this.isRunning = false;
    this.stopping.abort();
  }

  private async run(signal: AbortSignal): Promise<void> {
    let delayMs = MIN_RETRY_DELAY_MS;
    while (!signal.aborted) {
      try {
        await this.follow(signal, () => {
          delayMs = MIN_RETRY_DELAY_MS;
        });
      } catch (error) {
        if (signal.aborted) return;
        const problem = error instanceof Problem ? error : Problem.unreachable(error);
        if (problem.details.status === 401) sessionStore.end(TOKEN_REJECTED);
        this.set({ ...this.feed, state: 'lost', problem });
      }
      await delay(delayMs, signal);
      delayMs = Math.min(delayMs * 2, MAX_RETRY_DELAY_MS);
    }
  }

  private async follow(signal: AbortSignal, onSnapshot: () => void): Promise<void> {
    const connection = new AbortController();
    const abort = () => connection.abort();
    signal.addEventListener('abort', abort, { once: true });
    let watchdog = setTimeout(abort, STREAM_TIMEOUT_MS);
    try {
      const stream = eventStream('/admin/v1/live', { token: this.token, signal: connection.signal });
      for await (const { name, data } of stream) {
        clearTimeout(watchdog);
        watchdog = setTimeout(abort, STREAM_TIMEOUT_MS);
        if (name === 'end') endSessionIfRequested(data);
        if (name === 'topology') {
          this.set({ state: 'live', topology: data as Topology, problem: undefined });
          onSnapshot();
        } else if (name === 'changes' && this.feed.topology !== undefined) {
          const topology = applyChanges(this.feed.topology, data as TopologyChanges);
          if (topology === undefined) return;
          this.set({ state: 'live', topology, problem: undefined });
        }
      }
    } finally {
      clearTimeout(watchdog);
      signal.removeEventListener('abort', abort);
    }
    this.set({ ...this.feed, state: 'lost', problem: Problem.unreachable(undefined) });
  }

  private set(feed: Feed): void {
    this.feed = feed;
    for (const listener of this.listeners) listener();
  }
}

function endSessionIfRequested(data: unknown): void {
  const { reason } = data as { reason?: string };
  if (reason === 'unauthorized') sessionStore.end(TOKEN_REJECTED);
}

function delay(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
    function done() {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
  });
}
