import { DbEventError, MANAGER_SERVICE_NAME } from '@dbem/db-event';
import { decodeMessage } from '@dbem/entity-codec';
import { Log } from '@dbem/runtime';
import { type DryRunResult, type ParkedEvent, ReplicaMethods, RequestClient } from '@dbem/transport';
import { Injectable } from '@nestjs/common';
import type { ClassifiedParkedEvent } from './parked-relevances';

const ASK_TIMEOUT_MS = 30_000;
/** Of one question to a service. */
const MAX_EVENTS = 200;
const MAX_BYTES = 4 * 1024 * 1024;

/** Asks services to try their parked events, and to undo it. */
@Injectable()
export class DryRuns {
  constructor(
    private readonly requests: RequestClient,
    private readonly log: Log,
  ) {}

  /** In the same order. All events are of one service. Never rejects for a service that can't be asked. */
  async of(service: string, events: readonly ClassifiedParkedEvent[]): Promise<DryRunResult[]> {
    if (service === MANAGER_SERVICE_NAME) return events.map(ofManager);
    const forecasts = new Map<ParkedEvent, DryRunResult>();
    for (const part of partsOf(events)) {
      const answers = await this.ask(service, part);
      for (const [index, { event }] of part.entries()) {
        forecasts.set(event, answers[index] ?? { outcome: 'unknown', reason: `${service} did not answer for it` });
      }
    }
    return events.map(({ event }) => forecasts.get(event) as DryRunResult);
  }

  private async ask(service: string, part: readonly ClassifiedParkedEvent[]): Promise<readonly DryRunResult[]> {
    const events = part.map(({ event: { delivery, firstFailedAt } }) => ({
      body: delivery.body.toString('base64'),
      ...(firstFailedAt !== undefined && { firstFailedAt: firstFailedAt.toISOString() }),
    }));
    try {
      return await this.requests.ask(service, ReplicaMethods.dryRun, { events }, { timeoutMs: ASK_TIMEOUT_MS });
    } catch (error) {
      if (!(error instanceof DbEventError)) throw error;
      this.log.debug({ err: error, service }, 'could not ask a service to try its parked events');
      const isOld = error.code === 'RPC_METHOD_UNKNOWN';
      const reason = isOld ? `${service} is of a version that can’t try events` : error.message;
      return part.map(() => ({ outcome: 'unknown', reason }));
    }
  }
}

/** What the event manager itself has parked: it can say what it can't read, and not what others would do with the rest. */
function ofManager({ event }: ClassifiedParkedEvent): DryRunResult {
  try {
    decodeMessage(event.delivery.body);
  } catch (error) {
    if (!(error instanceof DbEventError)) throw error;
    return { outcome: 'still fails', reason: error.message };
  }
  return { outcome: 'unknown', reason: 'The event manager can read it; its subscribers are not asked.' };
}

/** Events of one entity side by side, for the newer ones supersede the older ones; then by size. */
function partsOf(events: readonly ClassifiedParkedEvent[]): ClassifiedParkedEvent[][] {
  const keyOf = ({ content: { publisher, entityType, entityId } }: ClassifiedParkedEvent) =>
    `${publisher} ${entityType} ${entityId}`;
  const entities = new Map<string, ClassifiedParkedEvent[]>();
  for (const event of events) entities.set(keyOf(event), [...(entities.get(keyOf(event)) ?? []), event]);
  const parts: ClassifiedParkedEvent[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const event of [...entities.values()].flat()) {
    const { length } = event.event.delivery.body;
    const last = parts.at(-1);
    if (last === undefined || last.length >= MAX_EVENTS || bytes + length > MAX_BYTES) {
      parts.push([event]);
      bytes = length;
    } else {
      last.push(event);
      bytes += length;
    }
  }
  return parts;
}
