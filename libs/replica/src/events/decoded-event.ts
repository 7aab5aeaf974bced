import { type DbEvent, DbEventError, type Dependency } from '@dbem/db-event';
import { decodeMessage } from '@dbem/entity-codec';
import { type Delivery, firstFailedAtOf } from '@dbem/transport';
import type { HandlerTable } from '../handlers/handler-table';
import type { ReplicaChange, ReplicaHandler } from '../handlers/replica-handler';
import { keyText } from '../postgres/version-gate';

/** A delivery that can be applied. */
export interface DecodedEvent {
  readonly delivery: Delivery;
  readonly handler: ReplicaHandler;
  readonly change: Omit<ReplicaChange<unknown>, 'isFirst'>;
  /** The `keyText` of its entity. */
  readonly key: string;
  readonly isDelete: boolean;
  /** Undefined for an event that has not failed yet. */
  readonly firstFailedAt: Date | undefined;
  /** What must be applied before: only what this service hears. */
  readonly dependencies: readonly Dependency[];
  /** It was deferred for a dependency since then. */
  readonly deferredSince?: Date;
  /** Undefined for what is no repair. */
  readonly repairNumber: bigint | undefined;
}

/** The event that a delivery holds, its entity not decoded yet. @throws DbEventError as `decodeMessage` does */
export function eventIn(delivery: Delivery): DbEvent {
  const message = decodeMessage(delivery.body);
  if (message.kind !== 'event') {
    throw new DbEventError('MESSAGE_TYPE_UNKNOWN', 'A service takes events, not requests for subscriptions');
  }
  return message.event;
}

/**
 * Reads a delivery with the handler's codec; not a heartbeat's, which has no handler.
 *
 * @throws DbEventError as the codec does; HANDLER_MISSING; ENTITY_INVALID if the entity is not the one that the envelope names.
 */
export function decodeEvent(event: DbEvent, delivery: Delivery, handlers: HandlerTable): DecodedEvent {
  const { entityType, crudType, version, changeTimeMs, repairNumber } = event;
  const handler = handlers.find(event.publisher, entityType);
  if (handler === undefined) {
    throw new DbEventError('HANDLER_MISSING', `This service handles no ${entityType} of ${event.publisher}`);
  }
  // The same name, but one text for all events.
  const { publisher } = handler;
  const entity = handler.codec.decode(event.entity);
  const entityId = checkedEntityId(event, handler.codec.idOf(entity));
  return {
    delivery,
    handler,
    change: { publisher, entityType, entityId, entity, crudType, version, changeTimeMs },
    key: keyText({ publisher, entityType, entityId }),
    isDelete: crudType === 'DELETE',
    firstFailedAt: firstFailedAtOf(delivery),
    dependencies: relevantDependencies(event, entityId, handlers),
    repairNumber,
  };
}

function checkedEntityId(event: DbEvent, ownId: string): string {
  if (event.entityId !== undefined && event.entityId !== ownId) {
    throw new DbEventError('ENTITY_INVALID', `The event names the entity "${event.entityId}" but holds "${ownId}"`);
  }
  return ownId;
}

const NO_DEPENDENCIES: readonly Dependency[] = [];

/** A delete waits for nothing: what it supersedes may be waiting. Nor does an event wait for another of its own entity. */
function relevantDependencies(
  { publisher, entityType, crudType, dependencies }: DbEvent,
  entityId: string,
  handlers: HandlerTable,
): readonly Dependency[] {
  if (dependencies === undefined || crudType === 'DELETE') return NO_DEPENDENCIES;
  const isOwn = (other: Dependency) =>
    other.publisher === publisher && other.entityType === entityType && other.entityId === entityId;
  return dependencies.filter(
    (other) => handlers.find(other.publisher, other.entityType) !== undefined && !isOwn(other),
  );
}

/** Of two events of one entity, whether `later` (which arrived later) takes the place of `earlier`. */
export function supersedes(later: DecodedEvent, earlier: DecodedEvent): boolean {
  const [laterVersion, earlierVersion] = [later.change.version, earlier.change.version];
  if (laterVersion !== undefined && earlierVersion !== undefined) {
    if (laterVersion !== earlierVersion) return laterVersion > earlierVersion;
    return (later.repairNumber ?? 0n) > (earlier.repairNumber ?? 0n);
  }
  // Old publishers': by arrival, which for one that failed before was its first.
  if (later.firstFailedAt === undefined) return true;
  return earlier.firstFailedAt !== undefined && later.firstFailedAt >= earlier.firstFailedAt;
}
