import { waitFor } from '../waiting/wait-for';

export interface StreamedEvent<Data = Record<string, unknown>> {
  readonly event: string;
  readonly data: Data;
}

/** Reads server-sent events as the console does: by fetch, with the token in a header. */
export class EventStreamReader {
  readonly events: StreamedEvent[] = [];
  comments = 0;
  isOver = false;

  private constructor(
    readonly response: Response,
    private readonly aborting: AbortController,
  ) {}

  /** Resolves when the stream is admitted. @throws Error if it is refused */
  static async open(url: string, token?: string): Promise<EventStreamReader> {
    const reader = await EventStreamReader.ask(url, token);
    const { status } = reader.response;
    if (status !== 200) {
      const body = await reader.response.text();
      throw new Error(`The stream ${url} was refused with ${status}: ${body}`);
    }
    void reader.read();
    return reader;
  }

  /** The status with which a stream is admitted or refused; it is closed at once. */
  static async statusOf(url: string, token?: string): Promise<number> {
    const reader = await EventStreamReader.ask(url, token);
    reader.close();
    return reader.response.status;
  }

  /** The first event that fits, from the beginning of the stream; waits for it. */
  next<Data = Record<string, unknown>>(fits: (event: StreamedEvent<Data>) => boolean): Promise<StreamedEvent<Data>> {
    const find = () => {
      const found = (this.events as StreamedEvent<Data>[]).find(fits);
      if (found === undefined && this.isOver) throw new Error(`No such event among ${this.events.length}; it is over`);
      return found;
    };
    return waitFor(find, { what: `an event on ${this.response.url} like ${fits}` });
  }

  /** What events of this name have brought until now. */
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
      // Closed by us, or cut off by the other side: over either way.
    }
    this.isOver = true;
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
