import type { CopiedMessage, FailedCopy } from '../../broker.port';
import type { ConfirmedPublisher } from '../confirmed-publisher';
import type { QueueGroups } from './queue-groups';
import { Room, type RoomSize } from './room';
import { type Copies, Volley } from './volley';
import { planVolley } from './volley-plan';

/** Well below what the publisher refuses. */
const DEFAULT_ROOM: RoomSize = { publishes: 4_000, bytes: 64 * 1024 * 1024 };

/**
 * Publishes copies to several queues with as few publishes as will tell which queues have theirs (`planVolley`).
 *
 * What is published in one turn of the event loop leaves in one volley. What finds no room waits, first come, first served, until
 * half the room is free.
 */
export class CopyPublisher {
  private waiting: Copies[] = [];
  private isLeaving = false;
  private readonly room: Room;

  constructor(
    private readonly publisher: Pick<ConfirmedPublisher, 'send'>,
    private readonly groups: Pick<QueueGroups, 'find' | 'left' | 'landed' | 'forget'>,
    size: RoomSize = DEFAULT_ROOM,
  ) {
    this.room = new Room(size);
  }

  /** See `Broker.publishCopies`. */
  publish(message: CopiedMessage, queues: readonly string[]): Promise<readonly FailedCopy[]> {
    if (queues.length === 0) return Promise.resolve([]);
    return new Promise((done) => {
      this.waiting.push({ message, queues, done });
      this.leaveSoon();
    });
  }

  private leaveSoon(): void {
    if (this.isLeaving || this.waiting.length === 0 || !this.room.isHalfFree) return;
    this.isLeaving = true;
    process.nextTick(() => {
      this.isLeaving = false;
      this.leave(this.waiting.splice(0, this.fitting()));
      this.leaveSoon();
    });
  }

  /** How many of those that wait have room; at least one, so what is larger than all the room goes as well. */
  private fitting(): number {
    const seen = new Set<readonly string[]>();
    let publishes = 0;
    let bytes = 0;
    for (const [index, { message, queues }] of this.waiting.entries()) {
      // Of each list one at most leaves singly, unless it is no group.
      const count = seen.has(queues) && this.groups.find(queues) !== undefined ? 1 : queues.length;
      seen.add(queues);
      publishes += count;
      bytes += count * message.body.length;
      if (index > 0 && !this.room.has({ publishes, bytes })) return index;
    }
    return this.waiting.length;
  }

  private leave(copies: readonly Copies[]): void {
    const groups = copies.map(({ queues }) => (queues.length > 1 ? this.groups.find(queues) : undefined));
    const grouped = new Set(copies.flatMap(({ queues }, index) => (groups[index] === undefined ? [] : [queues])));
    const plan = planVolley(
      copies.map(({ queues }) => queues),
      (queues) => grouped.has(queues),
    );
    const { publisher, room } = this;
    const volley = new Volley({ publisher, room, groups: this.groups, onLanded: () => this.leaveSoon() });
    copies.forEach((each, index) => {
      const group = groups[index];
      if (plan[index] === 'together' && group !== undefined) volley.sendTogether(each, group);
      else volley.sendSingly(each, group);
    });
    volley.close();
  }
}
