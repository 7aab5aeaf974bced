import { encodeEvent, projectCodec } from '@dbem/entity-codec';

/** The bytes of a project, which no service of the test needs to understand. */
export function projectBytes(id = 'p'): Buffer {
  return projectCodec.encode({ projectID: id, owner: 'ada', gatewayId: 'gw', name: 'n' });
}

/** An event without a version, as services of the Java original publish it. */
export function projectEvent(publisher: string, id = 'p', entity = projectBytes(id)): Buffer {
  return encodeEvent({ publisher, entityType: 'PROJECT', crudType: 'UPDATE', entity });
}

/** A struct's bytes with a field on top that no contract of today knows: number 999, a string, before the struct's end. */
export function withLaterField(struct: Buffer): Buffer {
  const field = Buffer.from([11, 3, 231, 0, 0, 0, 2, 0x68, 0x69]);
  return Buffer.concat([struct.subarray(0, -1), field, Buffer.from([0])]);
}
