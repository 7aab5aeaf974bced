import { createParser } from 'eventsource-parser';
import { Problem } from '../api/problem';

export interface StreamedEvent {
  /** `beat` of a sign of life without data. */
  readonly name: string;
  readonly data: unknown;
}

interface StreamOptions {
  readonly token: string;
  /** Stops it; the generator ends then. */
  readonly signal: AbortSignal;
  /** Tells that there is an answer, before the first event. */
  onOpen?(): void;
}

/**
 * The server-sent events of an address, one by one, until the server ends the stream or the signal stops it. Not the browser's
 * EventSource: that can send a token in the URL only.
 *
 * @throws Problem if it is refused, or breaks; whoever asks decides when to ask again.
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
    // Whoever stops reading early has the connection closed, too.
    await reader.cancel().catch(() => undefined);
  }
}
