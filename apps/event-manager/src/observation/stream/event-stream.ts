import type { Response } from 'express';

/** A client with more unread bytes than this is disconnected. */
const MAX_WAITING_BYTES = 1024 * 1024;

/**
 * One HTTP response of server-sent events.
 *
 *   open -(end, client disconnects, or client reads too slowly)-> closed
 */
export class EventStream {
  private isOpen = true;
  private readonly closeListeners: (() => void)[] = [];

  constructor(private readonly response: Response) {
    response.status(200).set({
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store',
      // Disables response buffering in proxies (nginx), which would delay events.
      'X-Accel-Buffering': 'no',
    });
    response.flushHeaders();
    response.on('close', () => this.close());
  }

  /** @param data text without line breaks, for example JSON. */
  send(event: string, data: string): void {
    this.write(`event: ${event}\ndata: ${data}\n\n`);
  }

  /** Sends a comment, which clients ignore, to keep the connection alive. */
  beat(): void {
    this.write(':\n\n');
  }

  /** Sends the reason and ends the response. */
  end(reason: EndReason): void {
    if (!this.isOpen) return;
    this.send('end', JSON.stringify({ reason }));
    this.close();
    this.response.end();
  }

  /** Calls `listener` once when the stream closes. */
  onClose(listener: () => void): void {
    this.closeListeners.push(listener);
  }

  private write(text: string): void {
    if (!this.isOpen) return;
    if (this.response.writableLength <= MAX_WAITING_BYTES) {
      this.response.write(text);
    } else {
      this.close();
      this.response.destroy();
    }
  }

  private close(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    for (const listener of this.closeListeners) listener();
  }
}

/** Why the manager ends a stream: the credential is no longer valid, or the manager is stopping. */
export type EndReason = 'unauthorized' | 'stopping';
