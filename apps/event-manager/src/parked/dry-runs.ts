import { DbEventError, MANAGER_SERVICE_NAME } from '@dbem/db-event';
import { decodeMessage } from '@dbem/entity-codec';
import { Log } from '@dbem/runtime';
import { arrivalOf, type DryRunResult, type ParkedEvent, ReplicaMethods, RequestClient } from '@dbem/transport';
import { Injectable } from '@nestjs/common';
import type { ClassifiedParkedEvent } from './parked-relevances';

const REQUEST_TIMEOUT_MS = 30_000;
/** Limits per request to a service. */
const MAX_EVENTS = 200;
const MAX_BYTES = 4 * 1024 * 1024;

/** Asks services to apply their parked events in a transaction that is rolled back. */
@Injectable()
export class DryRuns {
  constructor(
    private readonly requests: RequestClient,
    private readonly log: Log,
  ) {}

  /** Results in the order of `events`, which all belong to `service`. Never rejects for an unreachable service. */
  async of(service: string, events: readonly ClassifiedParkedEvent[]): Promise<DryRunResult[]> {
    if (service === MANAGER_SERVICE_NAME) return events.map(ofManager);
    const results = new Map<ParkedEvent, DryRunResult>();
    for (const batch of batchesOf(events)) {
      const answers = await this.ask(service, batch);
      for (const [index, { event }] of batch.entries()) {
        results.set(event, answers[index] ?? { outcome: 'unknown', reason: `${service} returned no result for it` });
      }
    }
    return events.map(({ event }) => results.get(event) as DryRunResult);
  }

  private async ask(service: string, batch: readonly ClassifiedParkedEvent[]): Promise<readonly DryRunResult[]> {
    const events = batch.map(({ event: { delivery, firstFailedAt } }) => {
      const arrival = arrivalOf(delivery);
      return {
        body: delivery.body.toString('base64'),
        ...(firstFailedAt !== undefined && { firstFailedAt: firstFailedAt.toISOString() }),
        ...(arrival !== undefined && { arrival: String(arrival) }),
      };
    });
    try {
      return await this.requests.ask(service, ReplicaMethods.dryRun, { events }, { timeoutMs: REQUEST_TIMEOUT_MS });
    } catch (error) {
      if (!(error instanceof DbEventError)) throw error;
      this.log.debug({ err: error, service }, 'could not dry-run the parked events of a service');
      const isUnsupported = error.code === 'RPC_METHOD_UNKNOWN';
      const reason = isUnsupported ? `${service} runs a version that does not support dry runs` : error.message;
      return batch.map(() => ({ outcome: 'unknown', reason }));
    }
  }
}

/** For an event that the manager parked itself: only an undecodable message has a known result. */
function ofManager({ event }: ClassifiedParkedEvent): DryRunResult {
  try {
    decodeMessage(event.delivery.body);
  } catch (error) {
    if (!(error instanceof DbEventError)) throw error;
    return { outcome: 'still fails', reason: error.message };
  }
  return { outcome: 'unknown', reason: 'The event manager can decode it; its subscribers were not asked.' };
}

/**
 * Keeps events of one entity adjacent, because newer ones replace older ones within a batch. Limits number and size.
 */
function batchesOf(events: readonly ClassifiedParkedEvent[]): ClassifiedParkedEvent[][] {
  const keyOf = ({ content: { publisher, entityType, entityId } }: ClassifiedParkedEvent) =>
    `${publisher} ${entityType} ${entityId}`;
  const entities = new Map<string, ClassifiedParkedEvent[]>();
  for (const event of events) entities.set(keyOf(event), [...(entities.get(keyOf(event)) ?? []), event]);
  const batches: ClassifiedParkedEvent[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const event of [...entities.values()].flat()) {
    const { length } = event.event.delivery.body;
    const last = batches.at(-1);
    if (last === undefined || last.length >= MAX_EVENTS || bytes + length > MAX_BYTES) {
      batches.push([event]);
      bytes = length;
    } else {
      last.push(event);
      bytes += length;
    }
  }
  return batches;
}
