import { waitFor } from '../waiting/wait-for';

export interface StreamedEvent<Data = Record<string, unknown>> {
  readonly event: string;
  readonly data: Data;
}

/** Reads server-sent events as the console does: with fetch and the token in a header. */
export class EventStreamReader {
  readonly events: StreamedEvent[] = [];
  comments = 0;
  isEnded = false;

  private constructor(
    readonly response: Response,
    private readonly aborting: AbortController,
  ) {}

  /** Resolves when the stream is open. @throws Error if the server rejects it */
  static async open(url: string, token?: string): Promise<EventStreamReader> {
    const reader = await EventStreamReader.ask(url, token);
    const { status } = reader.response;
    if (status !== 200) {
      const body = await reader.response.text();
      throw new Error(`The stream ${url} was rejected with ${status}: ${body}`);
    }
    void reader.read();
    return reader;
  }

  /** The status with which the server opens or rejects a stream; the stream is closed at once. */
  static async statusOf(url: string, token?: string): Promise<number> {
    const reader = await EventStreamReader.ask(url, token);
    reader.close();
    return reader.response.status;
  }

  /** Waits for the first event that matches, starting at the beginning of the stream. */
  next<Data = Record<string, unknown>>(matches: (event: StreamedEvent<Data>) => boolean): Promise<StreamedEvent<Data>> {
    const find = () => {
      const found = (this.events as StreamedEvent<Data>[]).find(matches);
      if (found === undefined && this.isEnded)
        throw new Error(`The stream ended without a matching event; it had ${this.events.length} events`);
      return found;
    };
    return waitFor(find, { what: `an event on ${this.response.url} like ${matches}` });
  }

  /** The data of all events of this name so far. */
  dataOf<Data>(name: string): Data[] {
    return this.events.filter(({ event }) => event === name).map(({ data }) => data as Data);
  }

  close(): void {
    this.aborting.abort();
  }

  private static async ask(url: string, token?: string): Promise<EventStreamReader> {
    const aborting = new AbortController();
    const response = await fetch(url, {
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      signal: aborting.signal,
    });
    return new EventStreamReader(response, aborting);
  }

  private async read(): Promise<void> {
    let text = '';
    const decoder = new TextDecoder();
    try {
      for await (const chunk of this.response.body ?? []) {
        text += decoder.decode(chunk as Uint8Array, { stream: true });
        const parts = text.split('\n\n');
        text = parts.pop() ?? '';
        for (const part of parts) this.take(part);
      }
    } catch {
      // Closed by us or by the server: it has ended either way.
    }
    this.isEnded = true;
  }

  private take(part: string): void {
    if (part.startsWith(':')) {
      this.comments += 1;
      return;
    }
    const event = /^event: (.*)$/m.exec(part)?.[1] ?? 'message';
    this.events.push({ event, data: JSON.parse(/^data: (.*)$/m.exec(part)?.[1] ?? 'null') });
  }
}
