import { setTimeout as sleep } from 'node:timers/promises';
import { type ChannelModel, type ConfirmChannel, type ConsumeMessage, connect } from 'amqplib';
import type { Random } from '../random';

const EVENT_EXCHANGE = 'db.event.exchange';
const EVENT_KEY = 'db.event';

/** Who gets a publisher's events: the publisher's name is the first part of a message's id. */
const QUEUES_BY_PUBLISHER: Readonly<Record<string, readonly string[]>> = {
  'user.profile': ['sharing.queue', 'registry.queue'],
  registry: ['sharing.queue'],
};

/** PendingFanOut that are kept. */
const KEPT = 2_000;
const MOST_AT_ONCE = 200;
const RECONNECT_PAUSE_MS = 300;

/**
 * Keeps copies of the events that publishers send, and sends copies later, in another order: again to the managers, or straight
 * to a subscriber's queue. So each may come twice and more, and older ones after newer ones.
 */
export class Copier {
  private readonly copies: ConsumeMessage[] = [];
  private channel: ConfirmChannel | undefined;
  private connection: ChannelModel | undefined;
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  /** PendingFanOut that the broker has confirmed. */
  sent = 0;

  constructor(
    private readonly amqpUrl: string,
    private readonly random: Random,
  ) {}

  start(): void {
    this.running ??= this.run();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.connection?.close().catch(() => {
      // It was closed already.
    });
    await this.running;
  }

  /** It sees what publishers send from now on. */
  get isCopying(): boolean {
    return this.channel !== undefined;
  }

  /** How many events are kept. */
  get kept(): number {
    return this.copies.length;
  }

  async fanOut(random: Random): Promise<void> {
    const { channel } = this;
    if (channel === undefined || this.copies.length === 0) return;
    const some = random.shuffle(this.copies).slice(0, random.integer(10, MOST_AT_ONCE));
    const confirmed = await Promise.all(some.map((copy) => this.publish(channel, copy, random)));
    this.sent += confirmed.filter((isConfirmed) => isConfirmed).length;
  }

  /** False if the connection broke before the broker had confirmed. */
  private publish(channel: ConfirmChannel, { content, properties }: ConsumeMessage, random: Random): Promise<boolean> {
    const publisher = String(properties.messageId).split(':')[0] ?? '';
    // Heartbeats go to those who asked the managers for them, so the managers must say who that is.
    const queues = content.includes('heartbeat') ? [] : (QUEUES_BY_PUBLISHER[publisher] ?? []);
    const [exchange, key] =
      random.chance(0.5) || queues.length === 0 ? [EVENT_EXCHANGE, EVENT_KEY] : ['', random.pick(queues)];
    const { messageId, contentType, headers, userId } = properties;
    return new Promise((resolve) => {
      channel.once('close', () => resolve(false));
      try {
        channel.publish(
          exchange,
          key,
          content,
          { persistent: true, messageId, contentType, headers, userId },
          (error) => resolve(error === null || error === undefined),
        );
      } catch {
        // The channel has been closed meanwhile.
        resolve(false);
      }
    });
  }

  private async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      try {
        await this.copyUntilClosed();
      } catch {
        // The broker is away, as it should be now and then.
      }
      this.channel = undefined;
      if (!this.stopping.signal.aborted) await sleep(RECONNECT_PAUSE_MS);
    }
  }

  private async copyUntilClosed(): Promise<void> {
    const connection = await connect(this.amqpUrl, { timeout: 5_000 });
    this.connection = connection;
    const closed = new Promise<void>((resolve) => connection.once('close', resolve));
    connection.on('error', () => {
      // Followed by 'close'.
    });
    const channel = await connection.createConfirmChannel();
    channel.setMaxListeners(0);
    channel.on('error', () => {
      // Followed by 'close'.
    });
    channel.once('close', () => void connection.close().catch(() => {}));
    const { queue } = await channel.assertQueue('', { exclusive: true, autoDelete: true, maxLength: KEPT });
    await channel.bindQueue(queue, EVENT_EXCHANGE, EVENT_KEY);
    await channel.consume(queue, (message) => message !== null && this.keep(message), { noAck: true });
    this.channel = channel;
    await closed;
  }

  private keep(message: ConsumeMessage): void {
    // Requests for subscriptions have no id, and are nobody's to repeat.
    if (typeof message.properties.messageId !== 'string') return;
    if (this.copies.length < KEPT) {
      this.copies.push(message);
      return;
    }
    // Every other one replaces a random one, so that most are recent and some are old.
    if (this.random.chance(0.5)) this.copies[this.random.integer(0, KEPT - 1)] = message;
  }
}
