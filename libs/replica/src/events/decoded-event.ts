import { type DbEvent, DbEventError, type Dependency } from '@dbem/db-event';
import { decodeMessage } from '@dbem/entity-codec';
import { arrivalOf, type Delivery, firstFailedAtOf } from '@dbem/transport';
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
  /** Orders the events without a version. Undefined for an event with a version, and if no event manager counted it. */
  readonly arrival: bigint | undefined;
  /** Undefined for an event that has not failed yet. */
  readonly firstFailedAt: Date | undefined;
  /** The changes that must be applied first; only of entities that this service handles. */
  readonly dependencies: readonly Dependency[];
  /** Undefined for an event that has not been deferred. */
  readonly deferredSince?: Date;
  /** Undefined for an event that is not a repair. */
  readonly repairNumber: bigint | undefined;
}

/** The event in a delivery; its entity is still encoded. @throws DbEventError as `decodeMessage` */
export function eventIn(delivery: Delivery): DbEvent {
  const message = decodeMessage(delivery.body);
  if (message.kind !== 'event') {
    throw new DbEventError('MESSAGE_TYPE_UNKNOWN', 'Expected an event, but received a subscription request');
  }
  return message.event;
}

/**
 * Decodes the entity of an event with the codec of its handler. Not for heartbeats, which have no handler.
 *
 * @throws DbEventError as the codec; HANDLER_MISSING; ENTITY_INVALID if the entity's id differs from the envelope's.
 */
export function decodeEvent(event: DbEvent, delivery: Delivery, handlers: HandlerTable): DecodedEvent {
  const { entityType, crudType, version, changeTimeMs, repairNumber } = event;
  const handler = handlers.find(event.publisher, entityType);
  if (handler === undefined) {
    throw new DbEventError('HANDLER_MISSING', `This service has no handler for ${entityType} of ${event.publisher}`);
  }
  // An equal string, but shared by all events.
  const { publisher } = handler;
  const entity = handler.codec.decode(event.entity);
  const entityId = checkedEntityId(event, handler.codec.idOf(entity));
  return {
    delivery,
    handler,
    change: { publisher, entityType, entityId, entity, crudType, version, changeTimeMs },
    key: keyText({ publisher, entityType, entityId }),
    isDelete: crudType === 'DELETE',
    arrival: version === undefined ? arrivalOf(delivery) : undefined,
    firstFailedAt: firstFailedAtOf(delivery),
    dependencies: relevantDependencies(event, entityId, handlers),
    repairNumber,
  };
}

function checkedEntityId(event: DbEvent, ownId: string): string {
  if (event.entityId !== undefined && event.entityId !== ownId) {
    const text = `The envelope has the entity id "${event.entityId}", but the entity has the id "${ownId}"`;
    throw new DbEventError('ENTITY_INVALID', text);
  }
  return ownId;
}

const NO_DEPENDENCIES: readonly Dependency[] = [];

/**
 * A delete does not wait, since it may replace events that are waiting. An event does not wait for another event of its
 * own entity.
 */
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

/** Whether, of two events of one entity, the one that was delivered later replaces the earlier one. */
export function supersedes(later: DecodedEvent, earlier: DecodedEvent): boolean {
  const [laterVersion, earlierVersion] = [later.change.version, earlier.change.version];
  if (laterVersion !== undefined && earlierVersion !== undefined) {
    if (laterVersion !== earlierVersion) return laterVersion > earlierVersion;
    return (later.repairNumber ?? 0n) > (earlier.repairNumber ?? 0n);
  }
  if (later.arrival !== undefined && earlier.arrival !== undefined) return later.arrival > earlier.arrival;
  return true;
}
