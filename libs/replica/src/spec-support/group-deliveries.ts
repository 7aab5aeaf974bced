import type { DbEvent } from '@dbem/db-event';
import { encodeEvent, groupCodec } from '@dbem/entity-codec';
import { ARRIVAL_HEADER, type Delivery } from '@dbem/transport';

export const PUBLISHER = 'registry';

export interface GroupEvent extends Partial<Omit<DbEvent, 'entity'>> {
  /** The name in the group's bytes. */
  readonly name?: string;
  /** The id in the group's bytes. Default: the event's. */
  readonly ownId?: string;
}

/** A delivery of a change of a group, by default version 1 of "g". Undefined fields are left out of the message. */
export function groupDelivery(event: GroupEvent = {}, headers: Readonly<Record<string, unknown>> = {}): Delivery {
  const { name, ownId, ...fields } = event;
  const id = ownId ?? fields.entityId ?? 'g';
  const body = encodeEvent({
    publisher: PUBLISHER,
    entityType: 'GROUP',
    crudType: 'UPDATE',
    entityId: 'g',
    version: 1n,
    entity: groupCodec.encode({ id, ...(name !== undefined && { name }) }),
    ...fields,
  });
  return { body, headers, exchange: '', routingKey: '', redelivered: false };
}

/** A delivery of a legacy publisher's event, which has no version and no id; the id is in the group's bytes. */
export function legacyGroupDelivery(event: GroupEvent = {}, headers: Readonly<Record<string, unknown>> = {}): Delivery {
  const { entityId: ownId = 'g', ...fields } = event;
  return groupDelivery({ ownId, ...fields, version: undefined, entityId: undefined }, headers);
}

/** The headers of an event that an event manager received in this place. */
export function arrivedAs(arrival: bigint): Readonly<Record<string, unknown>> {
  return { [ARRIVAL_HEADER]: String(arrival) };
}

/** The headers of an event that has failed before. */
export function failedSince(time: string): Readonly<Record<string, unknown>> {
  return { 'x-dbem-first-failed-at': new Date(time).toISOString() };
}
