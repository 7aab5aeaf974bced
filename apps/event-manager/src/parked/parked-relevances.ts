import type { MessageContent } from '@dbem/contract';
import { DbEventError, type EntityKey, MANAGER_SERVICE_NAME } from '@dbem/db-event';
import { Log } from '@dbem/runtime';
import { arrivalOf, type ParkedEvent, ReplicaMethods, type ReplicaVersion, RequestClient } from '@dbem/transport';
import { Injectable } from '@nestjs/common';

/**
 * Whether a redrive of a parked event would have an effect. `stale`: the replica already has this or a newer version
 * of the entity. `unknown`: the service is unreachable, or the event does not identify its entity.
 */
export type ParkedRelevance = 'stale' | 'relevant' | 'unknown';

export interface Classification {
  readonly relevance: ParkedRelevance;
  /** Undefined: the replica never had the entity, or the relevance is unknown. */
  readonly replica?: ReplicaVersion | undefined;
}

export interface ClassifiedParkedEvent {
  readonly event: ParkedEvent;
  readonly content: MessageContent;
}

const REQUEST_TIMEOUT_MS = 5_000;
const UNKNOWN: Classification = { relevance: 'unknown' };

/** Classifies parked events by the versions in the services' replicas. */
@Injectable()
export class ParkedRelevances {
  constructor(
    private readonly requests: RequestClient,
    private readonly log: Log,
  ) {}

  /** Results in the order of `events`: at most 1,000, all of `service`. Never rejects for an unreachable service. */
  async of(service: string, events: readonly ClassifiedParkedEvent[]): Promise<Classification[]> {
    const known = events.flatMap((event) => {
      const key = keyOf(event.content);
      return key === undefined ? [] : [{ event, key }];
    });
    if (known.length === 0 || service === MANAGER_SERVICE_NAME) return events.map(() => UNKNOWN);
    const answers = await this.ask(
      service,
      known.map(({ key }) => key),
    );
    if (answers === undefined) return events.map(() => UNKNOWN);
    const classified = new Map(known.map(({ event }, index) => [event, classify(event, answers[index] ?? undefined)]));
    return events.map((event) => classified.get(event) ?? UNKNOWN);
  }

  private async ask(service: string, entities: EntityKey[]): Promise<(ReplicaVersion | null)[] | undefined> {
    try {
      return await this.requests.ask(service, ReplicaMethods.versions, { entities }, { timeoutMs: REQUEST_TIMEOUT_MS });
    } catch (error) {
      if (!(error instanceof DbEventError)) throw error;
      this.log.debug({ err: error, service }, 'could not read the replica versions of a service');
      return undefined;
    }
  }
}

/** Undefined for an event that does not identify its entity. */
function keyOf({ publisher, entityType, entityId }: MessageContent): EntityKey | undefined {
  if (publisher === undefined || entityType === undefined || entityId === undefined) return undefined;
  return { publisher, entityType, entityId };
}

function classify(
  { event, content: { version } }: ClassifiedParkedEvent,
  replica: ReplicaVersion | undefined,
): Classification {
  if (replica === undefined) return { relevance: 'relevant' };
  const isStale =
    version === undefined ? isArrived(arrivalOf(event.delivery), replica) : BigInt(replica.version) >= version;
  return { relevance: isStale ? 'stale' : 'relevant', replica };
}

function isArrived(arrival: bigint | undefined, { arrival: recorded }: ReplicaVersion): boolean {
  return arrival !== undefined && recorded !== null && BigInt(recorded) >= arrival;
}
