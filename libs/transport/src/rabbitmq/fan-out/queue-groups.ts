import { randomBytes } from 'node:crypto';
import type { Log } from '@dbem/runtime';
import { NOT_FOUND, replyCodeOf } from '../broker-unavailable';
import type { RabbitMqTopology } from '../rabbitmq-topology';
import { claimExchange } from './claim-exchange';

/** Queues that one publish reaches: all of them by `key`, each alone by a key of its own. */
export interface QueueGroup {
  readonly exchange: string;
  readonly key: string;
  /** The key of a single queue. */
  confirmKeyOf(queue: string): string;
}

interface BoundGroup extends QueueGroup {
  readonly queues: readonly string[];
  isUsable: boolean;
  lastUse: number;
  inFlight: number;
}

/** Publishes to the same queues, one per queue, before these become a group: fewer do not justify the bindings. */
const PUBLISHES_BEFORE_A_GROUP = 500;
/** Each group has a binding per queue. */
const MAX_GROUPS = 256;
/** After a group could not be created. */
const RETRY_AFTER_MS = 2_000;

/**
 * Groups of queues, and their bindings to an exchange of this connection.
 *
 * Deleting a queue deletes its bindings, and no key here is ever bound twice. A queue's own key is bound before any
 * group key that reaches it. So if a message with the queue's own key was routed, the queue has existed the whole
 * time, and has received all earlier messages with the group's key.
 *
 * Groups are created in the background. Without a group, a fan-out needs one publish per queue.
 */
export class QueueGroups {
  private exchange: string | undefined;
  private readonly confirmKeys = new Map<string, string>();
  private readonly groups = new Map<string, BoundGroup>();
  private readonly groupOf = new WeakMap<readonly string[], BoundGroup>();
  private readonly publishesTo = new WeakMap<readonly string[], number>();
  private readonly prefix = randomBytes(6).toString('base64url');
  private keys = 0;
  private uses = 0;
  /** Counts how often the exchange was lost. */
  private losses = 0;
  private isBusy = false;
  private notBeforeMs = 0;

  constructor(
    private readonly topology: RabbitMqTopology,
    private readonly log: Log,
  ) {}

  /** Undefined if these queues are not a group. Frequently requested queues become one. */
  find(queues: readonly string[]): QueueGroup | undefined {
    const group = this.groupOf.get(queues);
    if (group?.isUsable) return group;
    this.consider(queues);
    return undefined;
  }

  /** A publish to the group is in flight until `markConfirmed`; the bindings are kept until then. */
  markSent(group: QueueGroup): void {
    const bound = group as BoundGroup;
    bound.inFlight += 1;
    this.uses += 1;
    bound.lastUse = this.uses;
  }

  markConfirmed(group: QueueGroup): void {
    const bound = group as BoundGroup;
    bound.inFlight -= 1;
    if (!bound.isUsable && bound.inFlight === 0) void this.unbind(bound);
  }

  /** To be called when a message with the queue's own key was unroutable. */
  forget(queue: string): void {
    this.confirmKeys.delete(queue);
    for (const group of this.groups.values()) {
      if (group.queues.includes(queue)) this.drop(group);
    }
  }

  /** To be called when the exchange and its bindings may be lost. */
  forgetAll(): void {
    this.losses += 1;
    this.exchange = undefined;
    this.confirmKeys.clear();
    for (const group of this.groups.values()) group.isUsable = false;
    this.groups.clear();
  }

  /** Deletes the exchange. No publish may be in flight. */
  async stop(): Promise<void> {
    const { exchange } = this;
    this.notBeforeMs = Number.POSITIVE_INFINITY;
    this.forgetAll();
    if (exchange === undefined) return;
    await this.topology
      .run((channel) => channel.deleteExchange(exchange))
      // The next connection that claims the exchange empties it.
      .catch((error: unknown) => this.log.debug({ err: error, exchange }, 'could not delete the fan-out exchange'));
  }

  private consider(queues: readonly string[]): void {
    const publishes = (this.publishesTo.get(queues) ?? 0) + queues.length;
    this.publishesTo.set(queues, publishes);
    if (publishes < PUBLISHES_BEFORE_A_GROUP) return;
    const group = this.groups.get(nameOf(queues));
    if (group !== undefined) this.groupOf.set(queues, group);
    else if (!this.isBusy && Date.now() >= this.notBeforeMs) void this.make(queues);
  }

  private async make(queues: readonly string[]): Promise<void> {
    this.isBusy = true;
    const { losses } = this;
    let group: BoundGroup | undefined;
    try {
      const exchange = await this.claimed();
      const keys = await this.bindEachOf(queues, exchange, losses);
      group = {
        exchange,
        key: this.nextKey(),
        queues,
        isUsable: true,
        lastUse: this.uses,
        inFlight: 0,
        confirmKeyOf: (queue) => keys.get(queue) as string,
      };
      for (const queue of queues) await this.bind(queue, exchange, group.key);
      const isLost = losses !== this.losses || queues.some((queue) => this.confirmKeys.get(queue) !== keys.get(queue));
      if (isLost) throw new Error('A queue of the group was deleted while the group was being created');
      this.add(group);
    } catch (error) {
      // Bindings with the group's key would otherwise stay for as long as the connection lives.
      if (group !== undefined) void this.unbind(group);
      this.notBeforeMs = Math.max(this.notBeforeMs, Date.now() + RETRY_AFTER_MS);
      const isExpected = replyCodeOf((error as Error).cause) === NOT_FOUND || losses !== this.losses;
      this.log[isExpected ? 'debug' : 'warn'](
        { err: error, queues },
        'could not create a queue group; publishing per queue',
      );
    } finally {
      this.isBusy = false;
    }
  }

  private async claimed(): Promise<string> {
    const { losses } = this;
    const exchange = this.exchange ?? (await claimExchange(this.topology));
    if (losses === this.losses) this.exchange = exchange;
    return exchange;
  }

  /** Binds each queue that has no key of its own yet. */
  private async bindEachOf(
    queues: readonly string[],
    exchange: string,
    losses: number,
  ): Promise<ReadonlyMap<string, string>> {
    const keys = new Map<string, string>();
    for (const queue of queues) {
      let key = this.confirmKeys.get(queue);
      if (key === undefined) {
        key = this.nextKey();
        await this.bind(queue, exchange, key);
        if (losses !== this.losses) throw new Error('The fan-out exchange may be lost');
        this.confirmKeys.set(queue, key);
      }
      keys.set(queue, key);
    }
    return keys;
  }

  private async bind(queue: string, exchange: string, key: string): Promise<void> {
    await this.topology.run((channel) => channel.bindQueue(queue, exchange, key));
  }

  private add(group: BoundGroup): void {
    const { queues } = group;
    this.groups.set(nameOf(queues), group);
    this.groupOf.set(queues, group);
    this.log.debug({ exchange: group.exchange, queues: queues.length }, 'created a queue group');
    if (this.groups.size <= MAX_GROUPS) return;
    const [oldest] = [...this.groups.values()].sort((one, other) => one.lastUse - other.lastUse);
    if (oldest !== undefined) this.drop(oldest);
  }

  private drop(group: BoundGroup): void {
    group.isUsable = false;
    this.groups.delete(nameOf(group.queues));
    if (group.inFlight === 0) void this.unbind(group);
  }

  private async unbind({ exchange, key, queues }: BoundGroup): Promise<void> {
    const { losses } = this;
    for (const queue of queues) {
      if (losses !== this.losses) return;
      await this.topology
        .run((channel) => channel.unbindQueue(queue, exchange, key))
        // A deleted queue has no bindings.
        .catch((error: unknown) => this.log.debug({ err: error, queue }, 'could not remove a binding'));
    }
  }

  private nextKey(): string {
    this.keys += 1;
    return `${this.prefix}.${this.keys.toString(36)}`;
  }
}

function nameOf(queues: readonly string[]): string {
  return queues.join('\n');
}
