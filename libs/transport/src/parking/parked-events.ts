import { DbEventError } from '@dbem/db-event';
import { checkpoint } from '@dbem/runtime';
import { Injectable } from '@nestjs/common';
import { Broker, type Delivery } from '../broker.port';
import { parkedQueueOf } from '../topology/topology-names';
import { type ParkedEvent, parkedEventOf, redrivenMessage } from './parked-event';

export type ParkedFilter = (event: ParkedEvent) => boolean;

export interface ParkedPage {
  /** Those that failed last longest ago first. */
  readonly items: readonly ParkedEvent[];
  /** There are more behind these. */
  readonly hasMore: boolean;
}

export interface Redriven {
  readonly redriven: number;
  /** Could not be sent back, and stay parked. */
  readonly failed: number;
  /** Why the first of them could not. */
  readonly failure?: DbEventError;
}

/** How many bytes of messages to be redriven are held at once, and how many messages: the rest waits for the next round. */
const MAX_ROUND_BYTES = 64 * 1024 * 1024;
const MAX_ROUND_MESSAGES = 10_000;
const MAX_PUBLISHES_IN_FLIGHT = 200;

/**
 * What is parked, of a service or (as service `db.event`) of the event manager: list it, redrive it, discard it.
 *
 * Each call looks through the whole queue (see `Broker.browse`): meant for people, not for a loop. No event is lost when
 * anything crashes in between: a redriven event is confirmed in its service's queue before it leaves the parked one, so a crash
 * may leave it in both, and its version gate drops the second. Calls of several managers take turns.
 */
@Injectable()
export class ParkedEvents {
  constructor(private readonly broker: Broker) {}

  /** @param after the last item of the page before. Holds no more than a page in memory, whatever the queue holds. */
  async list(
    service: string,
    limit: number,
    matches: ParkedFilter = () => true,
    after?: readonly [number, string],
  ): Promise<ParkedPage> {
    const wanted = limit + 1;
    let found: ParkedEvent[] = [];
    await this.look(service, (event) => {
      if ((after === undefined || compare(placeOf(event), after) > 0) && matches(event)) found.push(event);
      if (found.length >= 2 * wanted) found = found.sort(byPlace).slice(0, wanted);
      return 'keep';
    });
    found.sort(byPlace);
    return { items: found.slice(0, limit), hasMore: found.length > limit };
  }

  async find(service: string, id: string): Promise<ParkedEvent | undefined> {
    let found: ParkedEvent | undefined;
    await this.look(service, (event) => {
      if (event.id === id) found = event;
      return 'keep';
    });
    return found;
  }

  /** Sends the matching events back to the queue that they came from. */
  async redrive(service: string, matches: ParkedFilter = () => true): Promise<Redriven> {
    const begun = Date.now();
    // What fails again while this runs is parked anew: it is not taken another time.
    const isOfBefore = ({ lastFailedAt }: ParkedEvent) => (lastFailedAt?.getTime() ?? 0) <= begun;
    const failures = new Map<string, DbEventError>();
    let redriven = 0;
    for (;;) {
      const round = new RedriveRound(this.broker, failures);
      await this.look(service, (event) =>
        isOfBefore(event) && !failures.has(event.id) && matches(event) ? round.take(event) : 'keep',
      );
      redriven += round.redriven;
      if (!round.isFull) break;
    }
    const [failure] = failures.values();
    return { redriven, failed: failures.size, ...(failure !== undefined && { failure }) };
  }

  /** Removes the matching events for good. @returns how many. */
  async discard(service: string, matches: ParkedFilter): Promise<number> {
    return this.look(service, (event) => (matches(event) ? 'remove' : 'keep'));
  }

  private async look(
    service: string,
    visit: (event: ParkedEvent) => 'keep' | 'remove' | Promise<'keep' | 'remove'>,
  ): Promise<number> {
    const visitDelivery = (delivery: Delivery) => visit(parkedEventOf(service, delivery));
    return (await this.broker.browse(parkedQueueOf(service), visitDelivery)).removed;
  }
}

/** What is redriven in one look through the queue. */
class RedriveRound {
  redriven = 0;
  isFull = false;
  private messages = 0;
  private bytes = 0;
  private readonly waiting: (() => void)[] = [];
  private inFlight = 0;

  constructor(
    private readonly broker: Broker,
    private readonly failures: Map<string, DbEventError>,
  ) {}

  take(event: ParkedEvent): 'keep' | Promise<'keep' | 'remove'> {
    if (this.messages > 0 && (this.messages >= MAX_ROUND_MESSAGES || this.bytes >= MAX_ROUND_BYTES)) {
      this.isFull = true;
      return 'keep';
    }
    this.messages += 1;
    this.bytes += event.delivery.body.length;
    return this.send(event);
  }

  private async send(event: ParkedEvent): Promise<'keep' | 'remove'> {
    if (this.inFlight >= MAX_PUBLISHES_IN_FLIGHT) await new Promise<void>((resolve) => this.waiting.push(resolve));
    this.inFlight += 1;
    try {
      await this.broker.publish(redrivenMessage(event));
      checkpoint('parked.redriven');
      this.redriven += 1;
      return 'remove';
    } catch (error) {
      if (!(error instanceof DbEventError)) throw error;
      this.failures.set(event.id, error);
      return 'keep';
    } finally {
      this.inFlight -= 1;
      this.waiting.shift()?.();
    }
  }
}

type Place = readonly [number, string];

/** By time, then by id, so that every event has one place of its own. */
export function placeOf({ lastFailedAt, id }: ParkedEvent): Place {
  return [lastFailedAt?.getTime() ?? 0, id];
}

function compare([leftTime, leftId]: Place, [rightTime, rightId]: Place): number {
  if (leftTime !== rightTime) return leftTime - rightTime;
  if (leftId === rightId) return 0;
  return leftId < rightId ? -1 : 1;
}

function byPlace(left: ParkedEvent, right: ParkedEvent): number {
  return compare(placeOf(left), placeOf(right));
}
