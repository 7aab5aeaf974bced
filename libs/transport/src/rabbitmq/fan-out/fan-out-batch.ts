import type { DbEventError } from '@dbem/db-event';
import type { FanOutFailure, FanOutMessage } from '../../broker.port';
import type { ConfirmedPublisher } from '../confirmed-publisher';
import type { InFlightWindow, WindowSize } from './in-flight-window';
import type { QueueGroup, QueueGroups } from './queue-groups';

/** A message, the queues that are to have it, and who waits for the outcome. */
export interface PendingFanOut {
  readonly message: FanOutMessage;
  readonly queues: readonly string[];
  done(failed: readonly FanOutFailure[]): void;
}

export interface BatchParts {
  readonly publisher: Pick<ConfirmedPublisher, 'send'>;
  readonly groups: Pick<QueueGroups, 'left' | 'landed' | 'forget'>;
  readonly inFlight: Pick<InFlightWindow, 'take' | 'giveBack'>;
  /** A publish has landed and given its inFlight back. */
  readonly onConfirmed: () => void;
}

/**
 * PendingFanOut that leave at once, in order. What left singly is done as soon as it has landed; what left together is done when the whole
 * volley has, witnesses included (`planBatch`).
 */
export class FanOutBatch {
  /** One more than the publishes that have not landed, until the volley is closed. */
  private open = 1;
  private readonly together: (() => void)[] = [];
  private readonly missed = new Map<string, DbEventError>();

  constructor(private readonly parts: BatchParts) {}

  sendBatch({ message, queues, done }: PendingFanOut, group: QueueGroup): void {
    let fault: DbEventError | undefined;
    this.together.push(() => done(this.failedOf(queues, fault)));
    this.parts.groups.left(group);
    this.send(message, group.exchange, group.key, (error) => {
      this.parts.groups.landed(group);
      fault = error;
    });
  }

  /** @param group by whose keys each of the copies bears witness; undefined: by the queues' names, and bears none. */
  sendEach({ message, queues, done }: PendingFanOut, group: QueueGroup | undefined): void {
    const failed: FanOutFailure[] = [];
    let open = queues.length;
    for (const queue of queues) {
      const exchange = group?.exchange ?? '';
      const key = group?.confirmKeyOf(queue) ?? queue;
      this.send(message, exchange, key, (error) => {
        if (error !== undefined) {
          failed.push({ queue, error });
          if (group !== undefined) this.miss(queue, error);
        }
        open -= 1;
        if (open === 0) done(failed);
      });
    }
  }

  /** All has been sent. */
  close(): void {
    this.land();
  }

  private send(message: FanOutMessage, exchange: string, key: string, settle: (error?: DbEventError) => void): void {
    const size: WindowSize = { publishes: 1, bytes: message.body.length };
    this.open += 1;
    this.parts.inFlight.take(size);
    this.parts.publisher.send(message, exchange, key, (error) => {
      this.parts.inFlight.giveBack(size);
      settle(error);
      this.land();
      this.parts.onConfirmed();
    });
  }

  private land(): void {
    this.open -= 1;
    if (this.open === 0) for (const done of this.together) done();
  }

  private miss(queue: string, error: DbEventError): void {
    this.missed.set(queue, error);
    if (error.code === 'MESSAGE_UNROUTABLE') this.parts.groups.forget(queue);
  }

  private failedOf(queues: readonly string[], fault: DbEventError | undefined): readonly FanOutFailure[] {
    if (fault !== undefined) return queues.map((queue) => ({ queue, error: fault }));
    if (this.missed.size === 0) return [];
    return queues.flatMap((queue) => {
      const error = this.missed.get(queue);
      return error === undefined ? [] : { queue, error };
    });
  }
}
