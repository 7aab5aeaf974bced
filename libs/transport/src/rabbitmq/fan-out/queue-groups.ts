import { randomBytes } from 'node:crypto';
import type { Log } from '@dbem/runtime';
import { NOT_FOUND, replyCodeOf } from '../broker-unavailable';
import type { RabbitMqTopology } from '../rabbitmq-topology';
import { claimExchange } from './claim-exchange';

/** Queues that one publish reaches: all of them by `key`, each by its own. */
export interface QueueGroup {
  readonly exchange: string;
  readonly key: string;
  /** The key by which a queue alone is reached. */
  confirmKeyOf(queue: string): string;
}

interface BoundGroup extends QueueGroup {
  readonly queues: readonly string[];
  isUsable: boolean;
  lastUse: number;
  underWay: number;
}

/** So many copies have gone to the same queues one by one before these become a group: bindings pay for themselves only then. */
const FAN_OUTS_BEFORE_A_GROUP = 500;
/** Each has a binding for each of its queues. */
const MAX_GROUPS = 256;
/** After one could not be made. */
const RETRY_AFTER_MS = 2_000;

/**
 * Which queues are a group, and the bindings behind it, at an exchange of this connection's own.
 *
 * A binding goes when its queue is deleted, and no key here is ever bound twice. A queue's own key was bound before any group's
 * key that reaches it. So if a message by its own key has found the queue, then the queue was there all the time since, and
 * took every message by the group's key that was published before.
 *
 * A group is made in the background; where there is none (yet), each copy is a publish of its own.
 */
export class QueueGroups {
  private exchange: string | undefined;
  private readonly confirmKeys = new Map<string, string>();
  private readonly groups = new Map<string, BoundGroup>();
  private readonly groupOf = new WeakMap<readonly string[], BoundGroup>();
  private readonly fanOutsTo = new WeakMap<readonly string[], number>();
  private readonly prefix = randomBytes(6).toString('base64url');
  private keys = 0;
  private uses = 0;
  /** Counts the losses of all that was bound. */
  private losses = 0;
  private isBusy = false;
  private notBeforeMs = 0;

  constructor(
    private readonly topology: RabbitMqTopology,
    private readonly log: Log,
  ) {}

  /** Undefined if these queues are no group now. They may become one by being asked for often. */
  find(queues: readonly string[]): QueueGroup | undefined {
    const group = this.groupOf.get(queues);
    if (group?.isUsable) return group;
    this.consider(queues);
    return undefined;
  }

  /** A publish to the group is under way until `landed`: its bindings stay that long. */
  left(group: QueueGroup): void {
    const bound = group as BoundGroup;
    bound.underWay += 1;
    this.uses += 1;
    bound.lastUse = this.uses;
  }

  landed(group: QueueGroup): void {
    const bound = group as BoundGroup;
    bound.underWay -= 1;
    if (!bound.isUsable && bound.underWay === 0) void this.unbind(bound);
  }

  /** A message by its own key did not find this queue. */
  forget(queue: string): void {
    this.confirmKeys.delete(queue);
    for (const group of this.groups.values()) {
      if (group.queues.includes(queue)) this.drop(group);
    }
  }

  /** The exchange and what was bound there may be gone. */
  forgetAll(): void {
    this.losses += 1;
    this.exchange = undefined;
    this.confirmKeys.clear();
    for (const group of this.groups.values()) group.isUsable = false;
    this.groups.clear();
  }

  /** Leaves nothing at the broker. Nothing may be under way. */
  async stop(): Promise<void> {
    const { exchange } = this;
    this.notBeforeMs = Number.POSITIVE_INFINITY;
    this.forgetAll();
    if (exchange === undefined) return;
    await this.topology
      .run((channel) => channel.deleteExchange(exchange))
      // Without a connection there is nobody to tell; whoever takes the exchange next empties it.
      .catch((error: unknown) => this.log.debug({ err: error, exchange }, 'left an exchange behind'));
  }

  private consider(queues: readonly string[]): void {
    const copies = (this.fanOutsTo.get(queues) ?? 0) + queues.length;
    this.fanOutsTo.set(queues, copies);
    if (copies < FAN_OUTS_BEFORE_A_GROUP) return;
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
        underWay: 0,
        confirmKeyOf: (queue) => keys.get(queue) as string,
      };
      for (const queue of queues) await this.bind(queue, exchange, group.key);
      const isLost = losses !== this.losses || queues.some((queue) => this.confirmKeys.get(queue) !== keys.get(queue));
      if (isLost) throw new Error('A queue was deleted meanwhile');
      this.add(group);
    } catch (error) {
      // What was bound by its key so far would stay for as long as the connection lives.
      if (group !== undefined) void this.unbind(group);
      this.notBeforeMs = Math.max(this.notBeforeMs, Date.now() + RETRY_AFTER_MS);
      const isUsual = replyCodeOf((error as Error).cause) === NOT_FOUND || losses !== this.losses;
      this.log[isUsual ? 'debug' : 'warn']({ err: error }, 'copies go on leaving one by one: no group of queues');
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

  /** Binds each queue by a key of its own that has none yet. */
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
        if (losses !== this.losses) throw new Error('The exchange may be gone');
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
    this.log.debug({ exchange: group.exchange, queues: queues.length }, 'copies for these queues leave together');
    if (this.groups.size <= MAX_GROUPS) return;
    const [oldest] = [...this.groups.values()].sort((one, other) => one.lastUse - other.lastUse);
    if (oldest !== undefined) this.drop(oldest);
  }

  private drop(group: BoundGroup): void {
    group.isUsable = false;
    this.groups.delete(nameOf(group.queues));
    if (group.underWay === 0) void this.unbind(group);
  }

  private async unbind({ exchange, key, queues }: BoundGroup): Promise<void> {
    const { losses } = this;
    for (const queue of queues) {
      if (losses !== this.losses) return;
      await this.topology
        .run((channel) => channel.unbindQueue(queue, exchange, key))
        // A queue that is gone has no binding either.
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
