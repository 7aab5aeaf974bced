import { encodeEvent, projectCodec } from '@dbem/entity-codec';

export const PUBLISHER = 'registry';

/** An event of `PUBLISHER`; without a version, as a legacy publisher sends it. */
export function projectEvent(
  id: string,
  version: bigint | undefined,
  name: string,
  crudType: 'UPDATE' | 'DELETE' | 'READ' = 'UPDATE',
): Buffer {
  const entity = projectCodec.encode({ projectID: id, owner: 'ada', gatewayId: 'gw', name });
  const added =
    version === undefined ? {} : { version, entityId: id, eventId: `${PUBLISHER}:${version}`, changeTimeMs: 1 };
  return encodeEvent({ publisher: PUBLISHER, entityType: 'PROJECT', crudType, entity, ...added });
}
