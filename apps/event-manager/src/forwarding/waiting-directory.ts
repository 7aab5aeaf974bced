import { Log, PeriodicTask } from '@dbem/runtime';
import { Broker, WAITING_DIRECTORY_QUEUE } from '@dbem/transport';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';

const CHECK_INTERVAL_MS = 15_000;

const Entry = z.union([
  z.strictObject({ service: z.string(), queue: z.string() }),
  z.strictObject({ service: z.string(), lane: z.string() }),
  z.strictObject({ service: z.string(), publisher: z.string() }),
]);

/** What has a waiting queue: a destination (`queue`), a lane, or the subscription of the service to a publisher. */
export type WaitingEntry = z.infer<typeof Entry>;

/**
 * What has a waiting queue, kept in a queue of its own, so that each manager finds those that others wrote to and
 * consumes them, too: at its start and periodically, whatever the map contains and whether or not ZooKeeper is
 * available.
 */
@Injectable()
export class WaitingDirectory {
  private onFound: (entry: WaitingEntry) => Promise<boolean> = async () => true;
  private readonly reading = new PeriodicTask(() => this.read(), {
    intervalMs: CHECK_INTERVAL_MS,
    jitter: 0.5,
    backoff: { initialMs: 500, maxMs: 5_000 },
    onError: (error) => this.log.debug({ err: error }, 'could not look for queues of waiting events; retrying'),
  });

  constructor(
    private readonly broker: Broker,
    private readonly log: Log,
  ) {}

  /** Calls `onFound` for each entry, again and again; it returns whether the entry stays. */
  async start(onFound: (entry: WaitingEntry) => Promise<boolean>): Promise<void> {
    this.onFound = onFound;
    await this.reading.start();
  }

  stop(): Promise<void> {
    return this.reading.stop();
  }

  /** Rejects as `Broker.publish`. */
  add(entry: WaitingEntry): Promise<void> {
    return this.broker.publish({
      exchange: '',
      routingKey: WAITING_DIRECTORY_QUEUE,
      contentType: 'application/json',
      body: Buffer.from(JSON.stringify(entry)),
    });
  }

  /** Rejects as `Broker.browse`. */
  async read(): Promise<void> {
    const kept = new Set<string>();
    await this.broker.browse(WAITING_DIRECTORY_QUEUE, async ({ body }) => {
      const text = body.toString();
      if (kept.has(text)) return 'remove';
      const entry = entryIn(text);
      if (entry === undefined) {
        this.log.warn({ text: text.slice(0, 200) }, 'removed an unreadable entry from the directory of waiting queues');
        return 'remove';
      }
      if (!(await this.onFound(entry))) return 'remove';
      if (kept.has(text)) return 'remove';
      kept.add(text);
      return 'keep';
    });
  }
}

function entryIn(text: string): WaitingEntry | undefined {
  try {
    return Entry.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
