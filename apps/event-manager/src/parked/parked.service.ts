import { contentOfMessage, type MessageContent } from '@dbem/contract';
import { DbEventError, MANAGER_SERVICE_NAME, serviceNameFault } from '@dbem/db-event';
import { Log } from '@dbem/runtime';
import { SubscriptionRegistry } from '@dbem/subscription-registry';
import { type DryRunResult, type ParkedEvent, ParkedEvents, type Redriven, sortKeyOf } from '@dbem/transport';
import { Injectable } from '@nestjs/common';
import { DryRuns } from './dry-runs';
import { filterOf, type ParkedCriteria } from './parked-filter';
import { type Classification, type ClassifiedParkedEvent, ParkedRelevances } from './parked-relevances';

/** A parked event with its decoded content and its relevance. */
export interface DescribedEvent extends Classification {
  readonly event: ParkedEvent;
  readonly content: MessageContent;
}

export interface DescribedPage {
  readonly items: readonly DescribedEvent[];
  /** Cursor of the next page: service, time and id of this page's last event. */
  readonly next?: readonly [string, number, string];
}

/** A parked event and what a redrive of it would do. */
export interface DryRunListItem extends ClassifiedParkedEvent {
  readonly result: DryRunResult;
}

export interface RedrivePlan {
  readonly items: readonly DryRunListItem[];
  /** More events match than the dry run included. */
  readonly hasMore: boolean;
}

/** Limits of a dry run, which keeps its events in memory. */
const MAX_PLANNED = 2_000;
const MAX_PLANNED_BYTES = 32 * 1024 * 1024;

/** Parked events, of all services and of the event manager itself, for the admin API. */
@Injectable()
export class ParkedService {
  constructor(
    private readonly parked: ParkedEvents,
    private readonly registry: SubscriptionRegistry,
    private readonly relevances: ParkedRelevances,
    private readonly dryRuns: DryRuns,
    private readonly log: Log,
  ) {}

  /** By service, then by time of the last failure. Without `service`: of the manager and all services in the map. */
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
      // With the page full, one more event is read to find out whether there is another page.
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

  /** What `redrive` with the same arguments would do; changes nothing. Oldest last failure first. */
  async plan(service: string, criteria: ParkedCriteria, id?: string): Promise<RedrivePlan> {
    checkName(service);
    const matches = filterOf(criteria);
    // Only one page, because each call of `list` reads the whole queue.
    const { items, hasMore } = await this.parked.list(
      service,
      MAX_PLANNED,
      (event) => (id === undefined || event.id === id) && matches(event),
    );
    const events = firstOf(items, MAX_PLANNED_BYTES);
    const read = events.map((event) => ({ event, content: contentOfMessage(event.delivery.body) }));
    const results = await this.dryRuns.of(service, read);
    return {
      items: read.map((one, index) => ({ ...one, result: results[index] as DryRunResult })),
      hasMore: hasMore || events.length < items.length,
    };
  }

  /** Deletes a parked event permanently and logs its key. @returns false if there is no such event. */
  async discard(service: string, id: string, why: string): Promise<boolean> {
    checkName(service);
    const found = await this.find(service, id);
    if (found === undefined) return false;
    const { publisher, entityType, entityId, version } = found.content;
    this.log.warn(
      { service, id, why, publisher, entityType, entityId, version: version?.toString(), reason: found.event.reason },
      'discarding a parked event',
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
    const classifications = await this.relevances.of(service, read);
    return read.map((one, index) => ({ ...one, ...(classifications[index] as Classification) }));
  }
}

/** As many of the first events as fit into `maxBytes`; at least one. */
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
  return last === undefined ? {} : { next: [last.event.service, ...sortKeyOf(last.event)] };
}

function checkName(service: string): void {
  const fault = service === MANAGER_SERVICE_NAME ? undefined : serviceNameFault(service);
  if (fault !== undefined) {
    throw new DbEventError('SERVICE_NAME_INVALID', `"${service.slice(0, 64)}" is not a valid service name: ${fault}`);
  }
}
