import { EventEmitter } from 'node:events';
import type { Response } from 'express';
import { describe, expect, it, vi } from 'vitest';
import { EventStream } from './event-stream';

/** A reader as far as a stream sees it. */
class Reader extends EventEmitter {
  written = '';
  writableLength = 0;
  readonly end = vi.fn();
  readonly destroy = vi.fn();
  readonly flushHeaders = vi.fn();
  readonly set = () => this;
  readonly status = () => this;

  write(text: string): void {
    this.written += text;
  }
}

function opened() {
  const reader = new Reader();
  const stream = new EventStream(reader as unknown as Response);
  const closed = vi.fn();
  stream.onClose(closed);
  return { reader, stream, closed };
}

describe('EventStream', () => {
  it('An event stream writes events and heartbeats in the format of server-sent events', () => {
    const { reader, stream } = opened();
    stream.send('changes', '{"a":1}');
    stream.beat();
    expect(reader.written).toBe('event: changes\ndata: {"a":1}\n\n:\n\n');
  });

  it('An event stream drops a reader that does not keep up, and writes nothing more', () => {
    const { reader, stream, closed } = opened();
    reader.writableLength = 100 * 1024 * 1024;
    stream.send('changes', '{}');
    expect(reader.destroy).toHaveBeenCalledTimes(1);
    expect(closed).toHaveBeenCalledTimes(1);
    const { written } = reader;
    stream.send('changes', '{}');
    expect(reader.written).toBe(written);
  });

  it('An event stream writes the reason of its end, once', () => {
    const { reader, stream, closed } = opened();
    stream.end('unauthorized');
    stream.end('stopping');
    expect(reader.written).toBe('event: end\ndata: {"reason":"unauthorized"}\n\n');
    expect(reader.end).toHaveBeenCalledTimes(1);
    expect(closed).toHaveBeenCalledTimes(1);
  });

  it('An event stream closes when its reader disconnects', () => {
    const { reader, stream, closed } = opened();
    reader.emit('close');
    stream.send('changes', '{}');
    expect(reader.written).toBe('');
    expect(closed).toHaveBeenCalledTimes(1);
  });
});
