import type { Response } from 'express';

/** So much may wait for a reader when there is something new, bytes; who reads more slowly is dropped. */
const MAX_WAITING_BYTES = 1024 * 1024;

/**
 * One answer of server-sent events.
 *
 *   open -(end, the reader goes, or reads too slowly)-> closed
 */
export class EventStream {
  private isOpen = true;
  private readonly closeListeners: (() => void)[] = [];

  constructor(private readonly response: Response) {
    response.status(200).set({
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store',
      // Proxies that gather answers (nginx) would hold events back.
      'X-Accel-Buffering': 'no',
    });
    response.flushHeaders();
    response.on('close', () => this.close());
  }

  /** @param data text without line breaks, as JSON is. */
  send(event: string, data: string): void {
    this.write(`event: ${event}\ndata: ${data}\n\n`);
  }

  /** What readers pass over; shows that both sides are there. */
  beat(): void {
    this.write(':\n\n');
  }

  /** Tells why, and ends the answer. */
  end(reason: EndReason): void {
    if (!this.isOpen) return;
    this.send('end', JSON.stringify({ reason }));
    this.close();
    this.response.end();
  }

  /** Calls `listener` once when nothing can be sent any more. */
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

/** Why a stream ends from our side: its credential is not valid any more, or the manager stops. */
export type EndReason = 'unauthorized' | 'stopping';
