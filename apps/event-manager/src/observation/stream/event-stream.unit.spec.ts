import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import express, { type Response } from 'express';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { EventStream } from './event-stream';

const WAIT = { timeout: 20_000 };

/** A client's connection: reads what is written; while it is stalled, reads nothing. */
class ReaderSocket extends Socket {
  received = '';
  isStalled = false;

  override _write(chunk: Buffer | string, _encoding: string, done: () => void): void {
    if (this.isStalled) return;
    this.received += chunk;
    done();
  }

  override _writev(chunks: { chunk: Buffer | string }[], done: () => void): void {
    if (this.isStalled) return;
    this.received += chunks.map(({ chunk }) => chunk).join('');
    done();
  }

  /** The response without its headers. */
  get body(): string {
    return this.received.split('\r\n\r\n')[1] ?? '';
  }
}

describe('EventStream', () => {
  const sockets: ReaderSocket[] = [];

  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.destroy();
  });

  function opened() {
    const reader = new ReaderSocket();
    sockets.push(reader);
    const response: Response = Object.setPrototypeOf(new ServerResponse(new IncomingMessage(reader)), express.response);
    response.assignSocket(reader);
    const stream = new EventStream(response);
    const closed = vi.fn();
    stream.onClose(closed);
    return { reader, response, stream, closed };
  }

  it('An event stream writes events and heartbeats in the format of server-sent events', async () => {
    const { reader, stream } = opened();
    stream.send('changes', '{"a":1}');
    stream.beat();
    await vi.waitFor(() => expect(reader.body).toBe('event: changes\ndata: {"a":1}\n\n:\n\n'), WAIT);
    expect(reader.received).toContain('Content-Type: text/event-stream');
  });

  it('An event stream disconnects a client that reads too slowly and writes nothing more', () => {
    const { reader, response, stream, closed } = opened();
    reader.isStalled = true;
    stream.send('changes', JSON.stringify('x'.repeat(2 * 1024 * 1024)));
    expect(closed).not.toHaveBeenCalled();
    const write = vi.spyOn(response, 'write');
    stream.send('changes', '{}');
    expect(reader.destroyed).toBe(true);
    expect(closed).toHaveBeenCalledTimes(1);
    stream.send('changes', '{}');
    expect(write).not.toHaveBeenCalled();
  });

  it('An event stream writes the reason for its end once', async () => {
    const { reader, response, stream, closed } = opened();
    stream.end('unauthorized');
    stream.end('stopping');
    await vi.waitFor(() => expect(response.writableFinished).toBe(true), WAIT);
    expect(reader.body).toBe('event: end\ndata: {"reason":"unauthorized"}\n\n');
    expect(closed).toHaveBeenCalledTimes(1);
  });

  it('An event stream closes when its client disconnects', async () => {
    const { reader, response, stream, closed } = opened();
    const write = vi.spyOn(response, 'write');
    reader.destroy();
    await vi.waitFor(() => expect(closed).toHaveBeenCalledTimes(1), WAIT);
    stream.send('changes', '{}');
    expect(write).not.toHaveBeenCalled();
  });
});
