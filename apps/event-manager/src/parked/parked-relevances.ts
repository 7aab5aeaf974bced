import type { MessageContent } from '@dbem/contract';
import { DbEventError, type EntityKey, MANAGER_SERVICE_NAME } from '@dbem/db-event';
import { Log } from '@dbem/runtime';
import { type ParkedEvent, ReplicaMethods, type ReplicaVersion, RequestClient } from '@dbem/transport';
import { Injectable } from '@nestjs/common';

/**
 * Whether a parked event still matters: `obsolete` if its replica already holds this or a newer state of its entity, so that a
 * redrive would change nothing; `unknown` if its service can't be asked, or the event says not which entity it is of.
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

const ASK_TIMEOUT_MS = 5_000;
const UNKNOWN: Classification = { relevance: 'unknown' };

/** Asks the services' replicas how their parked events stand. */
@Injectable()
export class ParkedRelevances {
  constructor(
    private readonly requests: RequestClient,
    private readonly log: Log,
  ) {}

  /** In the same order. All events are of one service, 1,000 at most. Never rejects for a service that can't be asked. */
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
    const judged = new Map(known.map(({ event }, index) => [event, judge(event, answers[index] ?? undefined)]));
    return events.map((event) => judged.get(event) ?? UNKNOWN);
  }

  private async ask(service: string, entities: EntityKey[]): Promise<(ReplicaVersion | null)[] | undefined> {
    try {
      return await this.requests.ask(service, ReplicaMethods.versions, { entities }, { timeoutMs: ASK_TIMEOUT_MS });
    } catch (error) {
      if (!(error instanceof DbEventError)) throw error;
      this.log.debug({ err: error, service }, 'could not ask a service how its parked events stand');
      return undefined;
    }
  }
}

/** Undefined for an event that does not say which entity it is of. */
function keyOf({ publisher, entityType, entityId }: MessageContent): EntityKey | undefined {
  if (publisher === undefined || entityType === undefined || entityId === undefined) return undefined;
  return { publisher, entityType, entityId };
}

function judge(
  { event, content: { version } }: ClassifiedParkedEvent,
  replica: ReplicaVersion | undefined,
): Classification {
  if (replica === undefined) return { relevance: 'relevant' };
  const isStale =
    version === undefined
      ? replica.arrivedAtMs !== null &&
        replica.arrivedAtMs > (event.firstFailedAt?.getTime() ?? Number.POSITIVE_INFINITY)
      : BigInt(replica.version) >= version;
  return { relevance: isStale ? 'stale' : 'relevant', replica };
}
