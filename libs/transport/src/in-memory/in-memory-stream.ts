import type { BatchHandler, ConsumeOptions, Delivery, StreamDeclaration } from '../broker.port';
import { type InMemoryConsumer, InMemoryQueue } from './in-memory-queue';

/** A stream of the in-memory broker: each consumer reads through a queue of its own. Never truncated. */
export class InMemoryStream extends InMemoryQueue {
  private readonly stored: Delivery[] = [];
  private readonly readers = new Map<InMemoryConsumer, InMemoryQueue>();

  constructor(private readonly stream: StreamDeclaration) {
    super({ name: stream.name, kind: 'classic' }, () => {});
  }

  override get state() {
    return { messages: this.stored.length, consumers: this.readers.size };
  }

  override push(delivery: Delivery): void {
    const stored = { ...delivery, offset: this.stored.length };
    this.stored.push(stored);
    for (const reader of this.readers.values()) reader.push(stored);
  }

  override addConsumer(handler: BatchHandler, options: ConsumeOptions): InMemoryConsumer {
    const reader = new InMemoryQueue({ name: this.stream.name, kind: 'classic' }, () => {});
    for (const delivery of this.stored.slice(options.readFrom?.() ?? this.stored.length)) reader.push(delivery);
    const consumer = reader.addConsumer(handler, options);
    this.readers.set(consumer, reader);
    return consumer;
  }

  override close(): void {
    for (const reader of this.readers.values()) reader.close();
    this.readers.clear();
  }
}
