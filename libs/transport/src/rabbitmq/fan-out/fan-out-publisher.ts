import type { FanOutFailure, FanOutMessage } from '../../broker.port';
import type { ConfirmedPublisher } from '../confirmed-publisher';
import { planBatch } from './batch-plan';
import { FanOutBatch, type PendingFanOut } from './fan-out-batch';
import { InFlightWindow, type WindowSize } from './in-flight-window';
import type { QueueGroups } from './queue-groups';

/** Well below the limits of the publisher. */
const DEFAULT_WINDOW: WindowSize = { publishes: 4_000, bytes: 64 * 1024 * 1024 };

/**
 * Publishes messages to several queues each, with the fewest publishes that reveal which queues received them
 * (`planBatch`).
 *
 * All fan-outs of one event loop tick are sent as one batch. While the in-flight window is full, fan-outs wait in
 * order until half of it is free.
 */
export class FanOutPublisher {
  private waiting: PendingFanOut[] = [];
  private isScheduled = false;
  private readonly inFlight: InFlightWindow;

  constructor(
    private readonly publisher: Pick<ConfirmedPublisher, 'send'>,
    private readonly groups: Pick<QueueGroups, 'find' | 'markSent' | 'markConfirmed' | 'forget'>,
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
    if (this.isScheduled || this.waiting.length === 0 || !this.inFlight.isHalfFree) return;
    this.isScheduled = true;
    process.nextTick(() => {
      this.isScheduled = false;
      this.send(this.waiting.splice(0, this.fitting()));
      this.sendSoon();
    });
  }

  /** How many waiting fan-outs fit into the window; at least one, so that one larger than the window is sent, too. */
  private fitting(): number {
    const seen = new Set<readonly string[]>();
    let publishes = 0;
    let bytes = 0;
    for (const [index, { message, queues }] of this.waiting.entries()) {
      // Per list of queues that is a group, at most one event is sent per queue.
      const count = seen.has(queues) && this.groups.find(queues) !== undefined ? 1 : queues.length;
      seen.add(queues);
      publishes += count;
      bytes += count * message.body.length;
      if (index > 0 && !this.inFlight.has({ publishes, bytes })) return index;
    }
    return this.waiting.length;
  }

  private send(fanOuts: readonly PendingFanOut[]): void {
    const groups = fanOuts.map(({ queues }) => (queues.length > 1 ? this.groups.find(queues) : undefined));
    const grouped = new Set(fanOuts.flatMap(({ queues }, index) => (groups[index] === undefined ? [] : [queues])));
    const plan = planBatch(
      fanOuts.map(({ queues }) => queues),
      (queues) => grouped.has(queues),
    );
    const { publisher, inFlight } = this;
    const batch = new FanOutBatch({ publisher, inFlight, groups: this.groups, onConfirmed: () => this.sendSoon() });
    fanOuts.forEach((fanOut, index) => {
      const group = groups[index];
      if (plan[index] === 'group' && group !== undefined) batch.sendToGroup(fanOut, group);
      else batch.sendEach(fanOut, group);
    });
    batch.close();
  }
}
