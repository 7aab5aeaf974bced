import { DbEventError } from '@dbem/db-event';
import { Backoff, type Log, pause } from '@dbem/runtime';
import type { Channel, ChannelModel } from 'amqplib';
import type { BrowseOutcome, BrowseVisitor } from '../broker.port';
import { brokerUnavailable, replyCodeOf } from './broker-unavailable';
import { close } from './close';
import { deliveryOf } from './consuming/delivery-of';
import type { SupervisedConnection } from './supervised-connection';

const NOT_FOUND = 404;
const RESOURCE_LOCKED = 405;

/** Prefetch is a 16-bit number; quorum queues treat 0 (no limit) as 2,000. */
const MAX_PREFETCH = 60_000;
/** Without a delivery for this long, the missing messages are assumed to have been consumed by somebody else. */
const DELIVERY_TIMEOUT_MS = 30_000;
/** The broker requeues in steps. Without another step for this long, no more messages are expected. */
const REQUEUE_TIMEOUT_MS = 30_000;
const LOCK_TIMEOUT_MS = 30_000;

/**
 * Browses a queue: receives all its messages unacknowledged on a separate channel, acknowledges those to be removed,
 * and closes the channel, whereupon the broker requeues the others. RabbitMQ does not keep the order then, and
 * meanwhile another browser would find the queue empty. So each browser locks the queue by declaring an exclusive
 * queue, which the broker deletes with the connection.
 */
export class QueueBrowser {
  private readonly lastBrowses = new Map<string, Promise<unknown>>();

  constructor(
    private readonly connection: SupervisedConnection,
    private readonly log: Log,
  ) {}

  /** See `Broker.browse`. */
  browse(queue: string, visit: BrowseVisitor): Promise<BrowseOutcome> {
    // The lock belongs to the connection, so browses over the same connection are serialised here.
    const browsed = (this.lastBrowses.get(queue) ?? Promise.resolve()).then(() => this.browseLocked(queue, visit));
    const finished = browsed
      .catch(() => {})
      .finally(() => {
        if (this.lastBrowses.get(queue) === finished) this.lastBrowses.delete(queue);
      });
    this.lastBrowses.set(queue, finished);
    return browsed;
  }

  private async browseLocked(queue: string, visit: BrowseVisitor): Promise<BrowseOutcome> {
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
    const browse = new Browse(channel, visit);
    try {
      return await browse.run(queue);
    } catch (error) {
      if (replyCodeOf(error) === NOT_FOUND) return { visited: 0, removed: 0 };
      throw error instanceof DbEventError ? error : brokerUnavailable(String(error), error);
    } finally {
      // If the broker has closed it already, the messages are requeued as well.
      await close(channel);
      await this.untilRequeued(model, queue, browse.kept);
    }
  }

  /** Requeueing many messages takes time. The next browse must wait for it, or it would miss messages. */
  private async untilRequeued(model: ChannelModel, queue: string, kept: number): Promise<void> {
    if (kept === 0) return;
    try {
      const channel = await openChannel(model);
      let most = 0;
      let lastAt = Date.now();
      // Somebody else may have consumed some of them, for example an operator with a tool.
      while (most < kept && Date.now() - lastAt < REQUEUE_TIMEOUT_MS) {
        const { messageCount } = await channel.checkQueue(queue);
        if (messageCount > most) lastAt = Date.now();
        most = Math.max(most, messageCount);
        if (most < kept) await pause(20);
      }
      await close(channel);
    } catch (error) {
      this.log.debug({ err: error, queue }, 'could not verify that the browsed messages were requeued');
    }
  }

  private async lock(model: ChannelModel, lock: string): Promise<void> {
    const backoff = new Backoff({ initialMs: 50, maxMs: 500 });
    const deadline = Date.now() + LOCK_TIMEOUT_MS;
    for (;;) {
      const channel = await openChannel(model);
      try {
        await channel.assertQueue(lock, { durable: false, exclusive: true });
        await close(channel);
        return;
      } catch (error) {
        if (replyCodeOf(error) !== RESOURCE_LOCKED) throw brokerUnavailable(String(error), error);
        if (Date.now() > deadline) {
          const reason = `Another process has been browsing this queue for over ${LOCK_TIMEOUT_MS} ms (lock ${lock})`;
          throw new DbEventError('QUEUE_BUSY', reason, { retryable: true });
        }
        await pause(backoff.next());
      }
    }
  }

  private async unlock(model: ChannelModel, lock: string): Promise<void> {
    try {
      const channel = await openChannel(model);
      await channel.deleteQueue(lock);
      await close(channel);
    } catch (error) {
      this.log.debug(
        { err: error, lock },
        'could not delete the lock queue; the broker deletes it with the connection',
      );
    }
  }
}

async function openChannel(model: ChannelModel): Promise<Channel> {
  try {
    const channel = await model.createChannel();
    channel.on('error', () => {
      // The running operation rejects with the same error.
    });
    return channel;
  } catch (error) {
    throw brokerUnavailable(String(error), error);
  }
}

/** One pass over the ready messages of a queue. */
class Browse {
  private received = 0;
  private removed = 0;
  private counted = 0;
  private readonly visits = new Set<Promise<void>>();
  private lastAt = Date.now();
  private failure: unknown;
  private isOver = false;

  constructor(
    private readonly channel: Channel,
    private readonly visit: BrowseVisitor,
  ) {
    channel.on('close', () => {
      this.failure ??= brokerUnavailable('the channel was closed while browsing a queue');
    });
  }

  /** How many of the counted messages return to the queue, including those not received yet. */
  get kept(): number {
    return this.counted - this.removed;
  }

  async run(queue: string): Promise<BrowseOutcome> {
    const { messageCount } = await this.channel.checkQueue(queue);
    this.counted = messageCount;
    if (messageCount === 0) return { visited: 0, removed: 0 };
    for (let remaining = messageCount; remaining > 0; remaining -= MAX_PREFETCH) {
      await this.channel.prefetch(Math.min(remaining, MAX_PREFETCH));
      await this.channel.consume(queue, (message) => {
        if (message === null || this.isOver || this.received >= messageCount) return;
        this.received += 1;
        this.lastAt = Date.now();
        this.visitOne(deliveryOf(message), () => this.channel.ack(message));
      });
    }
    const hasTimedOut = () => Date.now() - this.lastAt >= DELIVERY_TIMEOUT_MS;
    while (this.received < messageCount && this.failure === undefined && !hasTimedOut()) await pause(10);
    this.isOver = true;
    while (this.visits.size > 0) await Promise.all(this.visits);
    if (this.failure !== undefined) throw this.failure;
    return { visited: this.received, removed: this.removed };
  }

  private visitOne(delivery: ReturnType<typeof deliveryOf>, remove: () => void): void {
    const apply = (decision: 'keep' | 'remove') => {
      if (decision === 'keep') return;
      remove();
      this.removed += 1;
    };
    try {
      const decision = this.visit(delivery);
      if (typeof decision === 'string') {
        apply(decision);
        return;
      }
      const visiting = decision
        .then(apply)
        .catch((error: unknown) => {
          this.failure ??= error;
        })
        .finally(() => this.visits.delete(visiting));
      this.visits.add(visiting);
    } catch (error) {
      this.failure ??= error;
      this.isOver = true;
    }
  }
}
