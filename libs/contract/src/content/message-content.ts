import { type CrudType, DbEventError, type EntityType, type Version } from '@dbem/db-event';
import {
  decodeMessage,
  type EntityCodec,
  gatewayCodec,
  groupCodec,
  projectCodec,
  userProfileCodec,
} from '@dbem/entity-codec';

/** What a message says, as far as it can be read. */
export interface MessageContent {
  readonly publisher?: string;
  readonly entityType?: EntityType;
  readonly crudType?: CrudType;
  readonly entityId?: string | undefined;
  readonly version?: Version | undefined;
  /** Decoded; undefined if it can't be, or if this manager knows no such entity. */
  readonly entity?: unknown;
}

const CODECS: ReadonlyMap<EntityType, EntityCodec<never>> = new Map(
  [userProfileCodec, gatewayCodec, groupCodec, projectCodec].map((codec) => [
    codec.entityType,
    codec as unknown as EntityCodec<never>,
  ]),
);

/** Reads as much as can be read; a message that is no event leaves nothing. */
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
