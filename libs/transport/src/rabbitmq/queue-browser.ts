import { DbEventError } from '@dbem/db-event';
import { Backoff, type Log, pause } from '@dbem/runtime';
import type { Channel, ChannelModel } from 'amqplib';
import type { BrowseOutcome, BrowseVisitor } from '../broker.port';
import { brokerUnavailable, replyCodeOf } from './broker-unavailable';
import { deliveryOf } from './delivery-of';
import type { SupervisedConnection } from './supervised-connection';

const NOT_FOUND = 404;
const RESOURCE_LOCKED = 405;

/** A consumer's prefetch is 16 bits wide; a quorum queue takes 0, no limit, for 2,000. */
const MAX_PREFETCH = 60_000;
/** The queue gives nothing more: somebody else has taken what was counted. */
const QUIET_MS = 30_000;
/** What was put back comes in parts; so long without another part, no more is expected. */
const MAX_PUT_BACK_QUIET_MS = 30_000;
const TURN_TIMEOUT_MS = 30_000;

/**
 * Looks through a queue: takes all its messages on a channel of its own, unacknowledged, acknowledges those to be removed, and closes
 * the channel, at which the broker puts the others back. RabbitMQ keeps no order over that, and while one looks another sees
 * an empty queue. So whoever browses holds an exclusive queue as a lock, which the broker drops with the connection.
 */
export class QueueBrowser {
  private readonly turns = new Map<string, Promise<unknown>>();

  constructor(
    private readonly connection: SupervisedConnection,
    private readonly log: Log,
  ) {}

  /** See `Broker.browse`. */
  browse(queue: string, visit: BrowseVisitor): Promise<BrowseOutcome> {
    // The lock is the connection's, so within it the turns are taken here.
    const turn = (this.turns.get(queue) ?? Promise.resolve()).then(() => this.browseQueued(queue, visit));
    const settled = turn
      .catch(() => {})
      .finally(() => {
        if (this.turns.get(queue) === settled) this.turns.delete(queue);
      });
    this.turns.set(queue, settled);
    return turn;
  }

  private async browseQueued(queue: string, visit: BrowseVisitor): Promise<BrowseOutcome> {
    const model = this.connection.usable;
    const lock = `db.event.lock.${queue}`.slice(0, 255);
    await this.lock(model, lock);
    try {
      return await this.visitAll(model, queue, visit);
    } finally {
      await this.unlock(model, lock);
    }
  }

  private async visitAll(model: ChannelModel, queue: string, visit: BrowseVisitor): Promise<BrowseOutcome> {
    const channel = await openChannel(model);
    const look = new Look(channel, visit);
    try {
      return await look.at(queue);
    } catch (error) {
      if (replyCodeOf(error) === NOT_FOUND) return { visited: 0, removed: 0 };
      throw error instanceof DbEventError ? error : brokerUnavailable(String(error), error);
    } finally {
      await channel.close().catch(() => {
        // The broker has closed it, which puts back what was taken as well.
      });
      await this.untilBack(model, queue, look.kept);
    }
  }

  /** The broker takes its time to put many messages back, and who looks meanwhile would miss them: so the next one waits. */
  private async untilBack(model: ChannelModel, queue: string, kept: number): Promise<void> {
    if (kept === 0) return;
    try {
      const channel = await openChannel(model);
      let most = 0;
      let lastAt = Date.now();
      // Somebody else may have taken some, an operator's tool, say.
      while (most < kept && Date.now() - lastAt < MAX_PUT_BACK_QUIET_MS) {
        const { messageCount } = await channel.checkQueue(queue);
        if (messageCount > most) lastAt = Date.now();
        most = Math.max(most, messageCount);
        if (most < kept) await pause(20);
      }
      await channel.close();
    } catch (error) {
      this.log.debug({ err: error, queue }, 'the queue that was looked through can’t be asked');
    }
  }

  private async lock(model: ChannelModel, lock: string): Promise<void> {
    const backoff = new Backoff({ initialMs: 50, maxMs: 500 });
    const deadline = Date.now() + TURN_TIMEOUT_MS;
    for (;;) {
      const channel = await openChannel(model);
      try {
        await channel.assertQueue(lock, { durable: false, exclusive: true });
        await channel.close();
        return;
      } catch (error) {
        if (replyCodeOf(error) !== RESOURCE_LOCKED) throw brokerUnavailable(String(error), error);
        if (Date.now() > deadline) {
          throw new DbEventError('QUEUE_BUSY', 'Another event manager has been looking at this queue for long', {
            retryable: true,
          });
        }
        await pause(backoff.next());
      }
    }
  }

  private async unlock(model: ChannelModel, lock: string): Promise<void> {
    try {
      const channel = await openChannel(model);
      await channel.deleteQueue(lock);
      await channel.close();
    } catch (error) {
      this.log.debug({ err: error, lock }, 'the lock has gone with its connection');
    }
  }
}

async function openChannel(model: ChannelModel): Promise<Channel> {
  try {
    const channel = await model.createChannel();
    channel.on('error', () => {
      // The operation under way rejects with the same error.
    });
    return channel;
  } catch (error) {
    throw brokerUnavailable(String(error), error);
  }
}

/** One look at all that waits in a queue. */
class Look {
  private seen = 0;
  private removed = 0;
  private counted = 0;
  private readonly verdicts = new Set<Promise<void>>();
  private lastAt = Date.now();
  private failure: unknown;
  private isOver = false;

  constructor(
    private readonly channel: Channel,
    private readonly visit: BrowseVisitor,
  ) {
    channel.on('close', () => {
      this.failure ??= brokerUnavailable('the channel was closed while a queue was being looked through');
    });
  }

  /** How many were counted, and go back: also those that have not come here yet. */
  get kept(): number {
    return this.counted - this.removed;
  }

  async at(queue: string): Promise<BrowseOutcome> {
    const { messageCount } = await this.channel.checkQueue(queue);
    this.counted = messageCount;
    if (messageCount === 0) return { visited: 0, removed: 0 };
    for (let wanted = messageCount; wanted > 0; wanted -= MAX_PREFETCH) {
      await this.channel.prefetch(Math.min(wanted, MAX_PREFETCH));
      await this.channel.consume(queue, (message) => {
        if (message === null || this.isOver || this.seen >= messageCount) return;
        this.seen += 1;
        this.lastAt = Date.now();
        this.judge(deliveryOf(message), () => this.channel.ack(message));
      });
    }
    while (this.seen < messageCount && this.failure === undefined && Date.now() - this.lastAt < QUIET_MS) {
      await pause(10);
    }
    this.isOver = true;
    while (this.verdicts.size > 0) await Promise.all(this.verdicts);
    if (this.failure !== undefined) throw this.failure;
    return { visited: this.seen, removed: this.removed };
  }

  private judge(delivery: ReturnType<typeof deliveryOf>, remove: () => void): void {
    const take = (verdict: 'keep' | 'remove') => {
      if (verdict === 'keep') return;
      remove();
      this.removed += 1;
    };
    try {
      const verdict = this.visit(delivery);
      if (typeof verdict === 'string') {
        take(verdict);
        return;
      }
      const waiting = verdict
        .then(take)
        .catch((error: unknown) => {
          this.failure ??= error;
        })
        .finally(() => this.verdicts.delete(waiting));
      this.verdicts.add(waiting);
    } catch (error) {
      this.failure ??= error;
      this.isOver = true;
    }
  }
}
