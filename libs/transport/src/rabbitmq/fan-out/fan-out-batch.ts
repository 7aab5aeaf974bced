import type { DbEventError } from '@dbem/db-event';
import type { FanOutFailure, FanOutMessage } from '../../broker.port';
import type { ConfirmedPublisher } from '../confirmed-publisher';
import type { InFlightWindow, WindowSize } from './in-flight-window';
import type { QueueGroup, QueueGroups } from './queue-groups';

/** A message, its queues, and the callback for the outcome. */
export interface PendingFanOut {
  readonly message: FanOutMessage;
  readonly queues: readonly string[];
  done(failed: readonly FanOutFailure[]): void;
}

export interface BatchParts {
  readonly publisher: Pick<ConfirmedPublisher, 'send'>;
  readonly groups: Pick<QueueGroups, 'markSent' | 'markConfirmed' | 'forget'>;
  readonly inFlight: Pick<InFlightWindow, 'take' | 'giveBack'>;
  /** A publish was confirmed or failed, and has left the in-flight window. */
  readonly onConfirmed: () => void;
}

/**
 * Fan-outs that are sent at once, in order. One that was sent per queue completes when its own publishes are
 * confirmed, one that was sent to a group when the whole batch is (`planBatch`).
 */
export class FanOutBatch {
  /** Unconfirmed publishes, plus one until the batch is closed. */
  private open = 1;
  private readonly grouped: (() => void)[] = [];
  private readonly missed = new Map<string, DbEventError>();

  constructor(private readonly parts: BatchParts) {}

  sendToGroup({ message, queues, done }: PendingFanOut, group: QueueGroup): void {
    let fault: DbEventError | undefined;
    this.grouped.push(() => done(this.failedOf(queues, fault)));
    this.parts.groups.markSent(group);
    this.send(message, group.exchange, group.key, (error) => {
      this.parts.groups.markConfirmed(group);
      fault = error;
    });
  }

  /** @param group whose key per queue also verifies earlier publishes to the group; undefined: uses queue names. */
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

  /** To be called when everything has been sent. */
  close(): void {
    this.complete();
  }

  private send(message: FanOutMessage, exchange: string, key: string, done: (error?: DbEventError) => void): void {
    const size: WindowSize = { publishes: 1, bytes: message.body.length };
    this.open += 1;
    this.parts.inFlight.take(size);
    this.parts.publisher.send(message, exchange, key, (error) => {
      this.parts.inFlight.giveBack(size);
      done(error);
      this.complete();
      this.parts.onConfirmed();
    });
  }

  private complete(): void {
    this.open -= 1;
    if (this.open === 0) for (const done of this.grouped) done();
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
