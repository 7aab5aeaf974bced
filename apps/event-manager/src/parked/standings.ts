import type { MessageContent } from '@dbem/contract';
import { DbEventError, type EntityKey, MANAGER_SERVICE_NAME } from '@dbem/db-event';
import { Log } from '@dbem/runtime';
import { type HeldVersion, type ParkedEvent, ReplicaMethods, RequestClient } from '@dbem/transport';
import { Injectable } from '@nestjs/common';

/**
 * Whether a parked event still matters: `obsolete` if its replica already holds this or a newer state of its entity, so that a
 * redrive would change nothing; `unknown` if its service can't be asked, or the event says not which entity it is of.
 */
export type Standing = 'obsolete' | 'relevant' | 'unknown';

export interface Judgement {
  readonly standing: Standing;
  /** Undefined: the replica never had the entity, or the standing is unknown. */
  readonly held?: HeldVersion | undefined;
}

export interface JudgedEvent {
  readonly event: ParkedEvent;
  readonly content: MessageContent;
}

const ASK_TIMEOUT_MS = 5_000;
const UNKNOWN: Judgement = { standing: 'unknown' };

/** Asks the services' replicas how their parked events stand. */
@Injectable()
export class Standings {
  constructor(
    private readonly requests: RequestClient,
    private readonly log: Log,
  ) {}

  /** In the same order. All events are of one service, 1,000 at most. Never rejects for a service that can't be asked. */
  async of(service: string, events: readonly JudgedEvent[]): Promise<Judgement[]> {
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

  private async ask(service: string, entities: EntityKey[]): Promise<(HeldVersion | null)[] | undefined> {
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

function judge({ event, content: { version } }: JudgedEvent, held: HeldVersion | undefined): Judgement {
  if (held === undefined) return { standing: 'relevant' };
  const isOvertaken =
    version === undefined
      ? held.arrivedAtMs !== null && held.arrivedAtMs > (event.firstFailedAt?.getTime() ?? Number.POSITIVE_INFINITY)
      : BigInt(held.version) >= version;
  return { standing: isOvertaken ? 'obsolete' : 'relevant', held };
}
