import { contentOfMessage } from '@dbem/contract';
import { DbEventError } from '@dbem/db-event';
import type { ParkedEvent, ParkedFilter } from '@dbem/transport';

export interface ParkedCriteria {
  readonly publisher?: string | undefined;
  readonly entityType?: string | undefined;
  readonly entityId?: string | undefined;
  readonly reasonCode?: string | undefined;
  /** The last failure was before this time; ISO 8601. */
  readonly failedBefore?: string | undefined;
}

/** Matches events that meet all given criteria. @throws DbEventError CONFIGURATION_INVALID for an invalid time. */
export function filterOf({ publisher, entityType, entityId, reasonCode, failedBefore }: ParkedCriteria): ParkedFilter {
  const beforeMs = failedBefore === undefined ? undefined : Date.parse(failedBefore);
  if (Number.isNaN(beforeMs)) {
    throw new DbEventError('CONFIGURATION_INVALID', `Invalid failedBefore "${failedBefore}": use an ISO 8601 time`);
  }
  return (event: ParkedEvent) => {
    if (reasonCode !== undefined && event.reasonCode !== reasonCode) return false;
    if (beforeMs !== undefined && (event.lastFailedAt?.getTime() ?? 0) >= beforeMs) return false;
    if (publisher === undefined && entityType === undefined && entityId === undefined) return true;
    const content = contentOfMessage(event.delivery.body);
    if (publisher !== undefined && content.publisher !== publisher) return false;
    if (entityType !== undefined && content.entityType !== entityType) return false;
    return entityId === undefined || content.entityId === entityId;
  };
}
