import { type CrudType, DbEventError, type EntityType, type Version } from '@dbem/db-event';
import {
  decodeMessage,
  type EntityCodec,
  gatewayCodec,
  groupCodec,
  projectCodec,
  userProfileCodec,
} from '@dbem/entity-codec';

/** The readable parts of a message. */
export interface MessageContent {
  readonly publisher?: string;
  readonly entityType?: EntityType;
  readonly crudType?: CrudType;
  readonly entityId?: string | undefined;
  readonly version?: Version | undefined;
  /** The decoded entity; undefined if it can't be decoded or its type has no codec here. */
  readonly entity?: unknown;
}

const CODECS: ReadonlyMap<EntityType, EntityCodec<never>> = new Map(
  [userProfileCodec, gatewayCodec, groupCodec, projectCodec].map((codec) => [
    codec.entityType,
    codec as unknown as EntityCodec<never>,
  ]),
);

/** Decodes as much of a message as possible. Of a subscription request only the publisher is returned. */
export function contentOfMessage(body: Buffer): MessageContent {
  const message = unlessUnreadable(() => decodeMessage(body));
  if (message?.kind !== 'event') return message === undefined ? {} : { publisher: message.request.publisher };
  const { publisher, entityType, crudType, entityId, version, entity: bytes } = message.event;
  const codec = CODECS.get(entityType);
  const entity = codec && unlessUnreadable(() => codec.decode(bytes));
  const ownId = codec && entity !== undefined ? codec.idOf(entity) : undefined;
  return { publisher, entityType, crudType, entityId: entityId ?? ownId, version, entity };
}

function unlessUnreadable<Result>(read: () => Result): Result | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof DbEventError) return undefined;
    throw error;
  }
}
