import { DbEventError } from '@dbem/db-event';
import type { Unavailability } from '@dbem/observation';
import { Backoff, checkpoint, pause } from '@dbem/runtime';
import {
  type Delivery,
  declareLaneQueue,
  laneQueueOf,
  MANAGER_ROUTING_KEY,
  type OrderedChannel,
  type OrderedHandler,
  type OutgoingMessage,
  parkedMessage,
  singleMessage,
} from '@dbem/transport';
import { CircuitBreaker, type OpenState, PROBE_TIMEOUT } from './circuit-breaker';
import type { DestinationServices } from './destination-services';
import type { ForwardedEvent } from './forwarded-event';
import { LaneTerms } from './lane-terms';
import { PassedVersions } from './passed-versions';
import { ReturnedEvent, returnedEventIn } from './returned-event';
import { WaitingQueue } from './waiting-queue';

/**
 * How long an event stays in hand while the queue takes none, ms. Then the channel is replaced, before the broker
 * considers this consumer stuck (its `consumer_timeout` is 30 minutes by default).
 */
const HOLD_MS = 10 * 60_000;

export interface LaneOptions extends DestinationServices {
  /** Whether the service gets this event by this lane, by the map of this moment. */
  readonly belongs: (event: ForwardedEvent, lane: Lane) => boolean;
}

/**
 * The way to the queue of a legacy service, which has no version gate and needs its events in order, as single
 * messages. All managers write to the lane's own queue; one at a time moves the events on, over the channel by which it
 * gets them. So the broker delivers nothing to its successor before everything that it published has arrived.
 *
 * The service may get an event, a later one, and both again. While its queue takes none, the events wait in the lane.
 */
export class Lane {
  private readonly breaker = new CircuitBreaker();
  private readonly waiting: WaitingQueue;
  private readonly versions = new PassedVersions();
  private readonly terms = new LaneTerms();
  /** The queue was declared again because it was missing, and has confirmed nothing since. */
  private isRedeclared = false;

  constructor(
    readonly service: string,
    readonly queue: string,
    private readonly options: LaneOptions,
  ) {
    this.waiting = new WaitingQueue(laneQueueOf(queue), {
      ...options,
      move: this.move,
      declare: async () => {
        await declareLaneQueue(options.broker.topology, queue);
        await options.directory.add({ service, lane: queue });
      },
    });
  }

  /** Undefined while the queue takes events, and while another manager moves them. */
  get state(): OpenState | undefined {
    return this.breaker.state;
  }

  /** The name of the lane's queue, if this manager consumes it. */
  get waitingQueue(): string | undefined {
    return this.waiting.isUsed ? this.waiting.name : undefined;
  }

  /** `event` is notified when it is in the lane's queue. */
  write(event: ForwardedEvent): void {
    this.waiting.write(event instanceof ReturnedEvent ? event.withoutArrival() : event, this.service);
  }

  /** Consumes the lane's queue, which another manager has declared. @returns false if it was deleted. */
  find(): Promise<boolean> {
    return this.waiting.find();
  }

  stop(error: DbEventError): Promise<void> {
    return this.waiting.stop(error);
  }

  private readonly move: OrderedHandler = async (deliveries, channel) => {
    const done = await this.moveAll(deliveries, channel);
    this.terms.done(deliveries.slice(0, done));
    return done;
  };

  /** @returns how many are moved, counted from the first one. */
  private async moveAll(deliveries: readonly Delivery[], channel: OrderedChannel): Promise<number> {
    const late = this.terms.late(deliveries);
    // All calls publish before the first of them waits.
    const outcomes = await Promise.all(
      deliveries.map((delivery, index) => (late[index] ? undefined : this.moveOne(delivery, channel))),
    );
    checkpoint('lane.moved');
    const failed = outcomes.findIndex((outcome) => outcome !== undefined);
    if (failed < 0) return deliveries.length;
    const isMoved = await this.recover(deliveries[failed] as Delivery, outcomes[failed] as DbEventError, channel);
    return isMoved ? failed + 1 : failed;
  }

  /** @returns why it was not moved. */
  private async moveOne(delivery: Delivery, channel: PublishingChannel): Promise<DbEventError | undefined> {
    try {
      await this.sendOn(delivery, channel);
      this.isRedeclared = false;
      this.breaker.confirmed();
      return undefined;
    } catch (error) {
      if (!(error instanceof DbEventError)) throw error;
      if (error.retryable) return error;
      await this.options.broker.publish(parkedMessage(delivery, MANAGER_ROUTING_KEY, error));
      return undefined;
    }
  }

  /** Resolves when the event is in the service's queue, or where it belongs by now. */
  private sendOn(delivery: Delivery, { ended, publish }: PublishingChannel): Promise<void> {
    const { belongs, forwardAgain, contents } = this.options;
    return new Promise((resolve, reject) => {
      const giveUp = () => reject(channelLost());
      const event = returnedEventIn(this.waiting.name, delivery, ended, () => {
        ended.removeEventListener('abort', giveUp);
        resolve();
      });
      if (!belongs(event, this)) {
        ended.addEventListener('abort', giveUp);
        forwardAgain(event, this.service);
      } else if (this.versions.isOlder(event.event)) resolve();
      else {
        const message = singleMessage(event, this.queue);
        publish(message).then(() => {
          contents.note(this.queue, 1, message.body.length);
          resolve();
        }, reject);
      }
    });
  }

  /** Tries the event that failed until it is moved. @returns false if the broker delivers it again before that. */
  private async recover(delivery: Delivery, error: DbEventError, { ended }: OrderedChannel): Promise<boolean> {
    if (error.code === 'BROKER_UNAVAILABLE') return false;
    if (error.code === 'MESSAGE_UNROUTABLE' && (await this.declareOnce())) return false;
    const { stopping, broker } = this.options;
    const timeout = new Backoff(PROBE_TIMEOUT);
    const over = AbortSignal.any([ended, stopping, AbortSignal.timeout(HOLD_MS)]);
    this.open(causeOf(error));
    try {
      while (!over.aborted) {
        await pause(this.breaker.nextProbeMs(), over);
        const publish = (message: OutgoingMessage) => broker.publish(message, { confirmTimeoutMs: timeout.next() });
        const outcome = over.aborted ? error : await this.moveOne(delivery, { ended, publish });
        if (outcome === undefined) return true;
        if (outcome.code === 'MESSAGE_UNROUTABLE') await this.options.declare(this.service);
      }
      return false;
    } finally {
      this.close();
    }
  }

  /** @returns false if the queue can't be declared, or is missing again before it has confirmed an event. */
  private async declareOnce(): Promise<boolean> {
    if (this.isRedeclared) return false;
    this.isRedeclared = true;
    return this.options.declare(this.service);
  }

  private open(cause: Unavailability): void {
    const { log, onChange } = this.options;
    this.breaker.trip(cause);
    log.warn({ queue: this.queue, cause }, 'the queue of a legacy service takes no events; they wait in its lane');
    onChange();
  }

  private close(): void {
    this.breaker.close();
    this.options.log.info({ queue: this.queue }, 'a lane goes on');
    this.options.onChange();
  }
}

type PublishingChannel = Pick<OrderedChannel, 'ended' | 'publish'>;

function causeOf({ code }: DbEventError): Unavailability {
  if (code === 'CONFIRM_OVERDUE') return 'silent';
  return code === 'MESSAGE_UNROUTABLE' ? 'missing' : 'refuses';
}

function channelLost(): DbEventError {
  return new DbEventError('BROKER_UNAVAILABLE', 'The channel of the lane was lost', { retryable: true });
}
