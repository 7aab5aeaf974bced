import { encodeEvent, projectCodec } from '@dbem/entity-codec';
import { ARRIVAL_HEADER, arrivalText } from '@dbem/transport';

export const PUBLISHER = 'registry';

/** An event of `PUBLISHER`; without a version, as a legacy publisher sends it. */
export function projectEvent(
  id: string,
  version: bigint | undefined,
  name: string,
  crudType: 'CREATE' | 'UPDATE' | 'DELETE' | 'READ' = 'UPDATE',
): Buffer {
  const entity = projectCodec.encode({ projectID: id, owner: 'ada', gatewayId: 'gw', name });
  const added =
    version === undefined ? {} : { version, entityId: id, eventId: `${PUBLISHER}:${version}`, changeTimeMs: 1 };
  return encodeEvent({ publisher: PUBLISHER, entityType: 'PROJECT', crudType, entity, ...added });
}

/** The headers of an event that the event manager received in this place. */
export function arrivedAs(count: number): Readonly<Record<string, unknown>> {
  return { [ARRIVAL_HEADER]: arrivalText(1, count) };
}
