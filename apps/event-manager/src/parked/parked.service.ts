import { contentOfMessage, type MessageContent } from '@dbem/contract';
import { DbEventError, MANAGER_SERVICE_NAME, serviceNameFault } from '@dbem/db-event';
import { Log } from '@dbem/runtime';
import { SubscriptionRegistry } from '@dbem/subscription-registry';
import { type DryRunResult, type ParkedEvent, ParkedEvents, placeOf, type Redriven } from '@dbem/transport';
import { Injectable } from '@nestjs/common';
import { DryRuns } from './dry-runs';
import { filterOf, type ParkedCriteria } from './parked-filter';
import { type Classification, type ClassifiedParkedEvent, ParkedRelevances } from './parked-relevances';

/** A parked event with all that can be found out about it. */
export interface DescribedEvent extends Classification {
  readonly event: ParkedEvent;
  readonly content: MessageContent;
}

export interface DescribedPage {
  readonly items: readonly DescribedEvent[];
  /** Where the next page begins: service, time and id of this page's last. */
  readonly next?: readonly [string, number, string];
}

/** What would become of a parked event, if it were redriven. */
export interface DryRunListItem extends ClassifiedParkedEvent {
  readonly result: DryRunResult;
}

export interface RedrivePlan {
  readonly items: readonly DryRunListItem[];
  /** There are more, which were not looked at. */
  readonly hasMore: boolean;
}

/** As many are looked at; both bounds are of what is replica in memory. */
const MAX_PLANNED = 2_000;
const MAX_PLANNED_BYTES = 32 * 1024 * 1024;

/** Parked events, of all services and of the event manager itself, for the admin API. */
@Injectable()
export class ParkedService {
  constructor(
    private readonly parked: ParkedEvents,
    private readonly registry: SubscriptionRegistry,
    private readonly relevances: ParkedRelevances,
    private readonly rehearsals: DryRuns,
    private readonly log: Log,
  ) {}

  /** By service, then by the time of the last failure. Without a service: of the event manager and of all in the map. */
  async list(
    service: string | undefined,
    criteria: ParkedCriteria,
    limit: number,
    after?: readonly [string, number, string],
  ): Promise<DescribedPage> {
    const matches = filterOf(criteria);
    const items: DescribedEvent[] = [];
    for (const name of this.servicesFrom(service, after?.[0])) {
      const left = limit - items.length;
      const from = name === after?.[0] ? ([after[1], after[2]] as const) : undefined;
      // With the page full, one more look tells whether another page follows.
      const page = await this.parked.list(name, Math.max(left, 1), matches, from);
      if (left === 0) {
        if (page.items.length === 0) continue;
        return { items, ...nextOf(items) };
      }
      items.push(...(await this.describe(name, page.items)));
      if (page.hasMore) return { items, ...nextOf(items) };
    }
    return { items };
  }

  async find(service: string, id: string): Promise<DescribedEvent | undefined> {
    checkName(service);
    const event = await this.parked.find(service, id);
    return event === undefined ? undefined : (await this.describe(service, [event]))[0];
  }

  /** See `ParkedEvents.redrive`. */
  async redrive(service: string, criteria: ParkedCriteria, id?: string): Promise<Redriven> {
    checkName(service);
    const matches = filterOf(criteria);
    const outcome = await this.parked.redrive(
      service,
      (event) => (id === undefined || event.id === id) && matches(event),
    );
    this.log.info({ service, id, criteria, ...outcome, failure: outcome.failure?.message }, 'redrove parked events');
    return outcome;
  }

  /** What `redrive` of the same would do; changes nothing. Those that failed last longest ago come first. */
  async plan(service: string, criteria: ParkedCriteria, id?: string): Promise<RedrivePlan> {
    checkName(service);
    const matches = filterOf(criteria);
    // One page, for each look goes through the whole queue.
    const { items, hasMore } = await this.parked.list(
      service,
      MAX_PLANNED,
      (event) => (id === undefined || event.id === id) && matches(event),
    );
    const events = firstOf(items, MAX_PLANNED_BYTES);
    const read = events.map((event) => ({ event, content: contentOfMessage(event.delivery.body) }));
    const forecasts = await this.rehearsals.of(service, read);
    return {
      items: read.map((one, index) => ({ ...one, result: forecasts[index] as DryRunResult })),
      hasMore: hasMore || events.length < items.length,
    };
  }

  /** Removes one for good; what it was goes to the log. @returns false if there is none such. */
  async discard(service: string, id: string, why: string): Promise<boolean> {
    checkName(service);
    const found = await this.find(service, id);
    if (found === undefined) return false;
    const { publisher, entityType, entityId, version } = found.content;
    this.log.warn(
      { service, id, why, publisher, entityType, entityId, version: version?.toString(), reason: found.event.reason },
      'discards a parked event',
    );
    return (await this.parked.discard(service, (event) => event.id === id)) > 0;
  }

  private servicesFrom(service: string | undefined, first: string | undefined): string[] {
    if (service !== undefined) {
      checkName(service);
      return [service];
    }
    const { map } = this.registry;
    const names = [MANAGER_SERVICE_NAME, ...map.subscriberNames()].sort();
    return first === undefined ? names : names.filter((name) => name >= first);
  }

  private async describe(service: string, events: readonly ParkedEvent[]): Promise<DescribedEvent[]> {
    const read = events.map((event) => ({ event, content: contentOfMessage(event.delivery.body) }));
    const judgements = await this.relevances.of(service, read);
    return read.map((one, index) => ({ ...one, ...(judgements[index] as Classification) }));
  }
}

/** The first of them whose bodies together are no larger than that; one at least. */
function firstOf(events: readonly ParkedEvent[], maxBytes: number): readonly ParkedEvent[] {
  let bytes = 0;
  const end = events.findIndex(({ delivery }) => {
    bytes += delivery.body.length;
    return bytes > maxBytes;
  });
  return end < 0 ? events : events.slice(0, Math.max(end, 1));
}

function nextOf(items: readonly DescribedEvent[]): Pick<DescribedPage, 'next'> {
  const last = items.at(-1);
  return last === undefined ? {} : { next: [last.event.service, ...placeOf(last.event)] };
}

function checkName(service: string): void {
  const fault = service === MANAGER_SERVICE_NAME ? undefined : serviceNameFault(service);
  if (fault !== undefined) {
    throw new DbEventError('SERVICE_NAME_INVALID', `"${service.slice(0, 64)}" is no service's name: ${fault}`);
  }
}
