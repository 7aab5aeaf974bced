import { useEffect, useRef, useState } from 'react';
import { Problem } from '../../api/problem';
import type { Schemas } from '../../api/schemas';
import { eventStream } from '../../live/event-stream';
import { useSession } from '../../session/use-session';

export type TappedEvent = Schemas['TappedEventDto'] & { readonly key: number };

export interface TailFilter {
  readonly publisher: string;
  readonly subscriber: string;
  readonly entityType: string;
  readonly entityId: string;
  readonly operation: string;
}

export interface Tail {
  /** Newest first. */
  readonly events: readonly TappedEvent[];
  /** How many matching events were not shown because there were too many. */
  readonly skipped: number;
  readonly problem: Problem | undefined;
  readonly isOpen: boolean;
}

const MAX_EVENTS = 200;
const RETRY_MS = 2_000;
/** Events of a burst are rendered together. */
const RENDER_INTERVAL_MS = 150;
const EMPTY: Tail = { events: [], skipped: 0, problem: undefined, isOpen: false };

/** Follows matching events while `isOn`; reconnects after failures. Received events stay until the filter changes. */
export function useTail(filter: TailFilter, { isOn, withContent }: { isOn: boolean; withContent: boolean }): Tail {
  const [tail, setTail] = useState(EMPTY);
  const token = useSession()?.token;
  const lastKey = useRef(0);
  const query = queryOf(filter, withContent);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new query starts with an empty list.
  useEffect(() => setTail(EMPTY), [query]);
  useEffect(() => {
    if (!isOn || token === undefined) return;
    const stopping = new AbortController();
    let arrived: TappedEvent[] = [];
    let skipped = 0;
    const flush = () => {
      if (arrived.length === 0 && skipped === 0) return;
      const [added, addedSkipped] = [arrived.reverse(), skipped];
      arrived = [];
      skipped = 0;
      setTail((before) => ({
        ...before,
        events: [...added, ...before.events].slice(0, MAX_EVENTS),
        skipped: before.skipped + addedSkipped,
      }));
    };
    const timer = setInterval(flush, RENDER_INTERVAL_MS);
    const follow = async () => {
      const onOpen = () => setTail((before) => ({ ...before, problem: undefined, isOpen: true }));
      for await (const { name, data } of eventStream(`/admin/v1/events/tail?${query}`, {
        token,
        signal: stopping.signal,
        onOpen,
      })) {
        if (name === 'event') {
          lastKey.current += 1;
          arrived.push({ ...(data as Schemas['TappedEventDto']), key: lastKey.current });
          if (arrived.length > MAX_EVENTS) arrived.shift();
        } else if (name === 'skipped') skipped += (data as Schemas['SkippedEventsDto']).count;
      }
    };
    const run = async () => {
      while (!stopping.signal.aborted) {
        try {
          await follow();
        } catch (error) {
          if (stopping.signal.aborted) return;
          const problem = error instanceof Problem ? error : Problem.unreachable(error);
          setTail((before) => ({ ...before, problem, isOpen: false }));
        }
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    };
    void run();
    return () => {
      clearInterval(timer);
      flush();
      stopping.abort();
      setTail((before) => ({ ...before, isOpen: false }));
    };
  }, [query, isOn, token]);
  return tail;
}

function queryOf(filter: TailFilter, withContent: boolean): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(filter)) if (value !== '') parameters.set(name, value);
  if (withContent) parameters.set('content', 'true');
  return parameters.toString();
}
