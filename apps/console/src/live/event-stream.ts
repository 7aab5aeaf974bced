import { createParser } from 'eventsource-parser';
import { Problem } from '../api/problem';

export interface StreamedEvent {
  /** `beat` for a keep-alive comment, which has no data. */
  readonly name: string;
  readonly data: unknown;
}

interface StreamOptions {
  readonly token: string;
  /** Aborts the stream and ends the generator. */
  readonly signal: AbortSignal;
  /** Called when the response has arrived, before the first event. */
  onOpen?(): void;
}

/**
 * Yields the server-sent events of a URL until the server ends the stream or the signal aborts it. The browser's
 * EventSource is no option: it can send a token only in the URL.
 *
 * @throws Problem if the request is refused or the connection breaks; the caller decides when to reconnect.
 */
export async function* eventStream(
  url: string,
  { token, signal, onOpen }: StreamOptions,
): AsyncGenerator<StreamedEvent> {
  const response = await fetch(url, {
    headers: { authorization: `Bearer ${token}`, accept: 'text/event-stream' },
    signal,
    cache: 'no-store',
  }).catch((cause: unknown) => {
    throw Problem.unreachable(cause);
  });
  if (!response.ok) throw Problem.of(response.status, await response.json().catch(() => undefined));
  if (response.body === null) throw Problem.unreachable(undefined);
  onOpen?.();
  const events: StreamedEvent[] = [];
  const parser = createParser({
    onEvent: ({ event = 'message', data }) => events.push({ name: event, data: JSON.parse(data) }),
    onComment: () => events.push({ name: 'beat', data: undefined }),
  });
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((cause: unknown) => {
        throw Problem.unreachable(cause);
      });
      if (done) return;
      parser.feed(value);
      yield* events.splice(0);
    }
  } finally {
    // Closes the connection when the caller stops reading early.
    await reader.cancel().catch(() => undefined);
  }
}
