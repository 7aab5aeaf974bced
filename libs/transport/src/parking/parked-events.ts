import { DbEventError } from '@dbem/db-event';
import { checkpoint } from '@dbem/runtime';
import { Injectable } from '@nestjs/common';
import { Broker, type Delivery } from '../broker.port';
import { parkedQueueOf } from '../topology/topology-names';
import { type ParkedEvent, parkedEventOf, redrivenMessage } from './parked-event';

export type ParkedFilter = (event: ParkedEvent) => boolean;

export interface ParkedPage {
  /** Ordered by their last failure, oldest first. */
  readonly items: readonly ParkedEvent[];
  /** Further pages exist. */
  readonly hasMore: boolean;
}

export interface Redriven {
  readonly redriven: number;
  /** Number of events that could not be republished; they stay parked. */
  readonly failed: number;
  /** The first such error. */
  readonly failure?: DbEventError;
}

/** Maximum size of one redrive pass, in bytes and messages kept in memory; the rest is left to the next pass. */
const MAX_PASS_BYTES = 64 * 1024 * 1024;
const MAX_PASS_MESSAGES = 10_000;
const MAX_PUBLISHES_IN_FLIGHT = 200;

/**
 * Lists, redrives and discards the parked events of a service, or of the event manager (service `db.event`).
 *
 * Each call browses the whole queue (see `Broker.browse`): meant for operators, not for loops. A crash loses no event:
 * a redriven event is confirmed in its service's queue before it is removed from the parked queue, so a crash may
 * leave it in both, and the version gate drops the duplicate. Concurrent calls for the same queue are serialised.
 */
@Injectable()
export class ParkedEvents {
  constructor(private readonly broker: Broker) {}

  /** Memory use is bounded by the page size. @param after the place of the previous page's last item. */
  async list(
    service: string,
    limit: number,
    matches: ParkedFilter = () => true,
    after?: readonly [number, string],
  ): Promise<ParkedPage> {
    const wanted = limit + 1;
    let found: ParkedEvent[] = [];
    await this.browse(service, (event) => {
      if ((after === undefined || compare(sortKeyOf(event), after) > 0) && matches(event)) found.push(event);
      if (found.length >= 2 * wanted) found = found.sort(byPlace).slice(0, wanted);
      return 'keep';
    });
    found.sort(byPlace);
    return { items: found.slice(0, limit), hasMore: found.length > limit };
  }

  async find(service: string, id: string): Promise<ParkedEvent | undefined> {
    let found: ParkedEvent | undefined;
    await this.browse(service, (event) => {
      if (event.id === id) found = event;
      return 'keep';
    });
    return found;
  }

  /** Republishes the matching events to their original queue. */
  async redrive(service: string, matches: ParkedFilter = () => true): Promise<Redriven> {
    const startedAtMs = Date.now();
    // An event that fails again during the redrive is parked again; it must not be redriven twice.
    const wasParkedBefore = ({ lastFailedAt }: ParkedEvent) => (lastFailedAt?.getTime() ?? 0) <= startedAtMs;
    const failures = new Map<string, DbEventError>();
    let redriven = 0;
    for (;;) {
      const pass = new RedrivePass(this.broker, failures);
      await this.browse(service, (event) =>
        wasParkedBefore(event) && !failures.has(event.id) && matches(event) ? pass.redrive(event) : 'keep',
      );
      redriven += pass.redriven;
      if (!pass.isFull) break;
    }
    const [failure] = failures.values();
    return { redriven, failed: failures.size, ...(failure !== undefined && { failure }) };
  }

  /** Permanently removes the matching events. @returns how many. */
  async discard(service: string, matches: ParkedFilter): Promise<number> {
    return this.browse(service, (event) => (matches(event) ? 'remove' : 'keep'));
  }

  private async browse(
    service: string,
    visit: (event: ParkedEvent) => 'keep' | 'remove' | Promise<'keep' | 'remove'>,
  ): Promise<number> {
    const visitDelivery = (delivery: Delivery) => visit(parkedEventOf(service, delivery));
    return (await this.broker.browse(parkedQueueOf(service), visitDelivery)).removed;
  }
}

/** The redrive of one pass over the parked queue, bounded in size and in concurrent publishes. */
class RedrivePass {
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

  redrive(event: ParkedEvent): 'keep' | Promise<'keep' | 'remove'> {
    if (this.messages > 0 && (this.messages >= MAX_PASS_MESSAGES || this.bytes >= MAX_PASS_BYTES)) {
      this.isFull = true;
      return 'keep';
    }
    this.messages += 1;
    this.bytes += event.delivery.body.length;
    return this.republish(event);
  }

  private async republish(event: ParkedEvent): Promise<'keep' | 'remove'> {
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

/** The sort position of an event: time of the last failure, then id, which makes it unique. */
export function sortKeyOf({ lastFailedAt, id }: ParkedEvent): Place {
  return [lastFailedAt?.getTime() ?? 0, id];
}

function compare([leftTime, leftId]: Place, [rightTime, rightId]: Place): number {
  if (leftTime !== rightTime) return leftTime - rightTime;
  if (leftId === rightId) return 0;
  return leftId < rightId ? -1 : 1;
}

function byPlace(left: ParkedEvent, right: ParkedEvent): number {
  return compare(sortKeyOf(left), sortKeyOf(right));
}
