import type { FanOutFailure, FanOutMessage } from '../../broker.port';
import type { ConfirmedPublisher } from '../confirmed-publisher';
import { planBatch } from './batch-plan';
import { FanOutBatch, type PendingFanOut } from './fan-out-batch';
import { InFlightWindow, type WindowSize } from './in-flight-window';
import type { QueueGroups } from './queue-groups';

/** Well below what the publisher refuses. */
const DEFAULT_WINDOW: WindowSize = { publishes: 4_000, bytes: 64 * 1024 * 1024 };

/**
 * Publishes copies to several queues with as few publishes as will tell which queues have theirs (`planBatch`).
 *
 * What is published in one turn of the event loop leaves in one volley. What finds no inFlight waits, first come, first served, until
 * half the inFlight is free.
 */
export class FanOutPublisher {
  private waiting: PendingFanOut[] = [];
  private isShuttingDown = false;
  private readonly inFlight: InFlightWindow;

  constructor(
    private readonly publisher: Pick<ConfirmedPublisher, 'send'>,
    private readonly groups: Pick<QueueGroups, 'find' | 'left' | 'landed' | 'forget'>,
    size: WindowSize = DEFAULT_WINDOW,
  ) {
    this.inFlight = new InFlightWindow(size);
  }

  /** See `Broker.fanOut`. */
  publish(message: FanOutMessage, queues: readonly string[]): Promise<readonly FanOutFailure[]> {
    if (queues.length === 0) return Promise.resolve([]);
    return new Promise((done) => {
      this.waiting.push({ message, queues, done });
      this.sendSoon();
    });
  }

  private sendSoon(): void {
    if (this.isShuttingDown || this.waiting.length === 0 || !this.inFlight.isHalfFree) return;
    this.isShuttingDown = true;
    process.nextTick(() => {
      this.isShuttingDown = false;
      this.leave(this.waiting.splice(0, this.fitting()));
      this.sendSoon();
    });
  }

  /** How many of those that wait have inFlight; at least one, so what is larger than all the inFlight goes as well. */
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
      if (index > 0 && !this.inFlight.has({ publishes, bytes })) return index;
    }
    return this.waiting.length;
  }

  private leave(copies: readonly PendingFanOut[]): void {
    const groups = copies.map(({ queues }) => (queues.length > 1 ? this.groups.find(queues) : undefined));
    const grouped = new Set(copies.flatMap(({ queues }, index) => (groups[index] === undefined ? [] : [queues])));
    const plan = planBatch(
      copies.map(({ queues }) => queues),
      (queues) => grouped.has(queues),
    );
    const { publisher, inFlight } = this;
    const volley = new FanOutBatch({ publisher, inFlight, groups: this.groups, onConfirmed: () => this.sendSoon() });
    copies.forEach((each, index) => {
      const group = groups[index];
      if (plan[index] === 'together' && group !== undefined) volley.sendBatch(each, group);
      else volley.sendEach(each, group);
    });
    volley.close();
  }
}
