import { decodeMessage } from '@dbem/entity-codec';
import type { BatchHandler, Broker, Delivery } from '@dbem/transport';
import { request } from '../../http/http';
import { waitFor } from '../../waiting/wait-for';
import type { Target } from './workload';

const GIVE_UP_AFTER_MS = 240_000;

/** Writers that create numbered users at profile until they are stopped. */
export class NumberedUsers {
  private isWriting = true;
  private number = 0;
  private readonly writing: Promise<unknown>;

  private constructor(
    private readonly system: Target,
    private readonly prefix: string,
    writers: number,
  ) {
    this.writing = Promise.all(Array.from({ length: writers }, () => this.write()));
    // If the test fails before it awaits `stop`, it reports its own error.
    this.writing.catch(() => {});
  }

  static start(system: Target, prefix: string, writers = 3): NumberedUsers {
    return new NumberedUsers(system, prefix, writers);
  }

  /** The highest user number so far. Users that are created later have higher numbers. */
  get last(): number {
    return this.number;
  }

  /** Resolves when `count` more users have been started. */
  async more(count: number): Promise<void> {
    const target = this.number + count;
    await waitFor(() => this.number > target, { timeoutMs: GIVE_UP_AFTER_MS, what: `${count} more users` });
  }

  /**
   * Resolves when sharing has users `first` to `last`: they have been routed to everyone who was subscribed at that
   * time.
   */
  async untilRouted(first: number, last: number): Promise<void> {
    const ids = this.ids(first, last);
    await waitFor(
      async () => {
        const { rows } = await this.system
          .database('sharing')
          .query('SELECT count(*)::int AS count FROM sharing_user WHERE user_id = ANY($1)', [ids]);
        return rows[0].count === ids.length;
      },
      { timeoutMs: GIVE_UP_AFTER_MS, what: `${ids.length} users to reach sharing` },
    );
  }

  async stop(): Promise<void> {
    this.isWriting = false;
    await this.writing;
  }

  /** The entity ids of users `first` to `last`. */
  ids(first: number, last: number): string[] {
    return Array.from({ length: Math.max(last - first + 1, 0) }, (_, index) => `${this.nameOf(first + index)}@gw`);
  }

  private async write(): Promise<void> {
    while (this.isWriting) {
      this.number += 1;
      const body = { userId: this.nameOf(this.number), gatewayId: 'gw', firstName: 'a', lastName: 'b', emails: [] };
      const { status } = await request('POST', `${this.system.app('profile').url}/users`, { body });
      if (status >= 300) throw new Error(`profile answered ${status}`);
    }
  }

  private nameOf(number: number): string {
    return `${this.prefix}${String(number).padStart(6, '0')}`;
  }
}

/** Consumes a queue until all of `ids` have arrived. @returns every id that arrived, and how often */
export async function consumeAll(broker: Broker, queue: string, ids: readonly string[]): Promise<Map<string, number>> {
  const got = new Map<string, number>();
  const count: BatchHandler = async (batch) => {
    for (const { body } of batch) {
      const message = decodeMessage(body);
      if (message.kind !== 'event') continue;
      const { entityId = '' } = message.event;
      got.set(entityId, (got.get(entityId) ?? 0) + 1);
    }
  };
  const alone = ({ body }: Delivery) => ({ exchange: '', routingKey: queue, body });
  const consumption = broker.consume(queue, count, { batches: { alone } });
  try {
    await waitFor(() => ids.every((id) => got.has(id)), {
      timeoutMs: GIVE_UP_AFTER_MS,
      what: `all events to arrive in ${queue}`,
    });
  } catch (error) {
    const missing = ids.filter((id) => !got.has(id));
    throw new Error(`${queue} lacks ${missing.length} of ${ids.length}: ${missing.slice(0, 10).join(', ')}`, {
      cause: error,
    });
  } finally {
    await consumption.stop();
  }
  return got;
}
