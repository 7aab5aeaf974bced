import { setTimeout as sleep } from 'node:timers/promises';
import { batchMessage, decodeBatch, type Element, INTAKE_EXCHANGE, INTAKE_KEY } from '@dbem/transport';
import { type ChannelModel, type ConfirmChannel, type ConsumeMessage, connect } from 'amqplib';
import type { Random } from '../random';

/** An event that a publisher sent, and the publisher's broker user. */
interface Recorded {
  readonly event: Element;
  readonly userId: string | undefined;
}

/** The queues of each publisher's subscribers; a message id starts with the publisher's name. */
const QUEUES_BY_PUBLISHER: Readonly<Record<string, readonly string[]>> = {
  'user.profile': ['sharing.queue', 'registry.queue'],
  registry: ['sharing.queue'],
};

/** Maximum number of recorded events. */
const MAX_RECORDED = 2_000;
const MAX_BATCH = 200;
const RECONNECT_PAUSE_MS = 300;

/**
 * Records the events that publishers send and publishes them again later in another order, to the managers or directly
 * to a subscriber's queue. So an event may be delivered several times, and after newer events.
 */
export class Duplicator {
  private readonly recorded: Recorded[] = [];
  private channel: ConfirmChannel | undefined;
  private connection: ChannelModel | undefined;
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  /** Number of duplicates that the broker has confirmed. */
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
      // Already closed.
    });
    await this.running;
  }

  /** True while it receives what publishers send. */
  get isRecording(): boolean {
    return this.channel !== undefined;
  }

  /** Number of recorded events. */
  get kept(): number {
    return this.recorded.length;
  }

  async resend(random: Random): Promise<void> {
    const { channel } = this;
    if (channel === undefined || this.recorded.length === 0) return;
    const some = random.shuffle(this.recorded).slice(0, random.integer(10, MAX_BATCH));
    const confirmed = await Promise.all(some.map((recorded) => this.publish(channel, recorded, random)));
    this.sent += confirmed.filter((isConfirmed) => isConfirmed).length;
  }

  /** False if the connection broke before the broker confirmed. */
  private publish(channel: ConfirmChannel, { event, userId }: Recorded, random: Random): Promise<boolean> {
    const publisher = String(event.messageId).split(':')[0] ?? '';
    // Only the managers know which subscribers requested heartbeats.
    const queues = event.body.includes('heartbeat') ? [] : (QUEUES_BY_PUBLISHER[publisher] ?? []);
    const [exchange, key]: readonly [string, string] =
      random.chance(0.5) || queues.length === 0 ? [INTAKE_EXCHANGE, INTAKE_KEY] : ['', random.pick(queues)];
    const { body, contentType } = batchMessage([event.encoded], exchange, key);
    return new Promise((resolve) => {
      channel.once('close', () => resolve(false));
      try {
        channel.publish(exchange, key, body, { persistent: true, contentType, userId }, (error) =>
          resolve(error === null || error === undefined),
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
        await this.recordUntilClosed();
      } catch {
        // The broker is down: that is one of the faults.
      }
      this.channel = undefined;
      if (!this.stopping.signal.aborted) await sleep(RECONNECT_PAUSE_MS);
    }
  }

  private async recordUntilClosed(): Promise<void> {
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
    const { queue } = await channel.assertQueue('', { exclusive: true, autoDelete: true, maxLength: MAX_RECORDED });
    await channel.bindQueue(queue, INTAKE_EXCHANGE, INTAKE_KEY);
    await channel.consume(queue, (message) => message !== null && this.keepAll(message), { noAck: true });
    this.channel = channel;
    await closed;
  }

  private keepAll({ content, properties }: ConsumeMessage): void {
    for (const event of decodeBatch(content).elements) {
      // Subscription requests have no message id, and must not be repeated.
      if (event.messageId !== undefined) this.keep({ event, userId: properties.userId });
    }
  }

  private keep(recorded: Recorded): void {
    if (this.recorded.length < MAX_RECORDED) {
      this.recorded.push(recorded);
      return;
    }
    // Half of the events replace a random one, so that most are recent and some are old.
    if (this.random.chance(0.5)) this.recorded[this.random.integer(0, MAX_RECORDED - 1)] = recorded;
  }
}
