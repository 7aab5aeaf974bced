import * as generated from '../../generated/project_types';
import type { EntityCodec } from '../entity-codec.port';
import { ownSchema } from './entity-schema';
import { i64, list, text } from './field-shapes';
import { structCodec } from './struct-codec';
import { optional, required, struct } from './struct-shape';

/** A project of a gateway's user. */
export interface Project {
  readonly projectID: string;
  /** A user id of the gateway, without `@<gatewayId>`. */
  readonly owner: string;
  readonly gatewayId: string;
  readonly name: string;
  readonly description?: string;
  /** ms since 1970. */
  readonly creationTime?: bigint;
  readonly sharedUsers?: readonly string[];
  readonly sharedGroups?: readonly string[];
}

const shape = struct<Project>({
  projectID: required(text),
  owner: required(text),
  gatewayId: required(text),
  name: required(text),
  description: optional(text),
  creationTime: optional(i64),
  sharedUsers: optional(list(text)),
  sharedGroups: optional(list(text)),
});

/** Identified by `projectID`. */
export const projectCodec: EntityCodec<Project> = structCodec({
  entityType: 'PROJECT',
  stub: generated.Project,
  schema: ownSchema('Project', 'project.thrift'),
  shape,
  idOf: ({ projectID }) => projectID,
});
