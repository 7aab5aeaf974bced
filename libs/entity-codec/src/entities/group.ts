import * as generated from '../../generated/group_types';
import type { EntityCodec } from '../entity-codec.port';
import { ownSchema } from './entity-schema';
import { list, text } from './field-shapes';
import { structCodec } from './struct-codec';
import { optional, required, struct } from './struct-shape';

/** A group of users. Owner, members and admins are user ids, `<userId>@<gatewayId>`. */
export interface Group {
  /** Optional on the wire, but a group without an id can't be replicated. */
  readonly id: string;
  readonly name?: string;
  readonly ownerId?: string;
  readonly description?: string;
  readonly members?: readonly string[];
  readonly admins?: readonly string[];
}

const shape = struct<Group>({
  id: required(text),
  name: optional(text),
  ownerId: optional(text),
  description: optional(text),
  members: optional(list(text)),
  admins: optional(list(text)),
});

/** Identified by `id`. */
export const groupCodec: EntityCodec<Group> = structCodec({
  entityType: 'GROUP',
  stub: generated.GroupModel,
  schema: ownSchema('GroupModel', 'group.thrift'),
  shape,
  idOf: ({ id }) => id,
});
