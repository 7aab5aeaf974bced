import { encodeEvent, projectCodec } from '@dbem/entity-codec';

/** An encoded project; no service in these tests decodes it. */
export function projectBytes(id = 'p'): Buffer {
  return projectCodec.encode({ projectID: id, owner: 'ada', gatewayId: 'gw', name: 'n' });
}

/** An event without a version, as legacy services publish it. */
export function projectEvent(publisher: string, id = 'p', entity = projectBytes(id)): Buffer {
  return encodeEvent({ publisher, entityType: 'PROJECT', crudType: 'UPDATE', entity });
}

/** Adds a field that no current contract knows to an encoded struct: id 999, a string, before the stop byte. */
export function withLaterField(struct: Buffer): Buffer {
  const field = Buffer.from([11, 3, 231, 0, 0, 0, 2, 0x68, 0x69]);
  return Buffer.concat([struct.subarray(0, -1), field, Buffer.from([0])]);
}
