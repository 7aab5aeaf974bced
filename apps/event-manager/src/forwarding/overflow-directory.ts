import { Log, PeriodicTask } from '@dbem/runtime';
import { Broker, OVERFLOW_DIRECTORY_QUEUE } from '@dbem/transport';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';

const CHECK_INTERVAL_MS = 15_000;

const Entry = z.strictObject({ service: z.string(), queue: z.string() });

/** A destination that has an overflow queue. */
export type OverflowEntry = z.infer<typeof Entry>;

/**
 * The destinations that have overflow queues, kept in a queue of its own, so that each manager finds those that others
 * wrote to and consumes them, too: at its start and periodically, whatever the map contains and whether or not
 * ZooKeeper is available.
 */
@Injectable()
export class OverflowDirectory {
  private readonly added = new Set<string>();
  private onFound: (entry: OverflowEntry) => void = () => {};
  private readonly reading = new PeriodicTask(() => this.read(), {
    intervalMs: CHECK_INTERVAL_MS,
    jitter: 0.5,
    backoff: { initialMs: 500, maxMs: 5_000 },
    onError: (error) => this.log.debug({ err: error }, 'could not look for overflow queues; retrying'),
  });

  constructor(
    private readonly broker: Broker,
    private readonly log: Log,
  ) {}

  /** Calls `onFound` for each entry, again and again. */
  async start(onFound: (entry: OverflowEntry) => void): Promise<void> {
    this.onFound = onFound;
    await this.reading.start();
  }

  stop(): Promise<void> {
    return this.reading.stop();
  }

  /** Rejects as `Broker.publish`. */
  async add(entry: OverflowEntry): Promise<void> {
    const text = JSON.stringify({ service: entry.service, queue: entry.queue });
    if (this.added.has(text)) return;
    await this.broker.publish({
      exchange: '',
      routingKey: OVERFLOW_DIRECTORY_QUEUE,
      contentType: 'application/json',
      body: Buffer.from(text),
    });
    this.added.add(text);
  }

  /** Rejects as `Broker.browse`. */
  async read(): Promise<void> {
    const seen = new Set<string>();
    const entries: OverflowEntry[] = [];
    await this.broker.browse(OVERFLOW_DIRECTORY_QUEUE, ({ body }) => {
      const text = body.toString();
      if (seen.has(text)) return 'remove';
      seen.add(text);
      const entry = entryIn(text);
      if (entry === undefined) {
        this.log.warn({ text: text.slice(0, 200) }, 'removed an unreadable entry from the overflow directory');
        return 'remove';
      }
      entries.push(entry);
      return 'keep';
    });
    for (const entry of entries) this.onFound(entry);
  }
}

function entryIn(text: string): OverflowEntry | undefined {
  try {
    return Entry.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
