import type { EntityCodec } from '@dbem/entity-codec';
import type { ReplicaProjection } from './replica-projection';

export interface ReplicatesOptions {
  /** The publisher's name. */
  readonly publisher: string;
  // biome-ignore lint/suspicious/noExplicitAny: any entity; the methods' own signatures say which.
  readonly codec: EntityCodec<any>;
  /** How the replica's rows are read back, so that they can be compared with the publisher's. Left out: only versions are. */
  readonly projection?: ReplicaProjection;
  /** Ask for what the publisher holds already, once, when the subscription is first made. Default: false. */
  readonly backfill?: boolean;
}

export type HandlerRole = 'upsert' | 'upsertMany' | 'remove' | 'removeMany';

export const REPLICATES = Symbol('dbem:replicates');
export const HANDLER_ROLE = Symbol('dbem:handler-role');

/**
 * Makes an injectable class the handler of one entity type of one publisher: the service subscribes to it at its start.
 * The class has one method with `@OnUpsert` or `@OnUpsertMany` and one with `@OnDelete` or `@OnDeleteMany`.
 */
export function Replicates(options: ReplicatesOptions): ClassDecorator {
  return (target) => Reflect.defineMetadata(REPLICATES, options, target);
}

/** `(change: ReplicaChange<Entity>, transaction: Queryable) => Promise<void>` */
export const OnUpsert = () => markMethod('upsert');
/** `(changes: readonly ReplicaChange<Entity>[], transaction: Queryable) => Promise<void>`, for set-based SQL. */
export const OnUpsertMany = () => markMethod('upsertMany');
/** `(change: ReplicaChange<Entity>, transaction: Queryable) => Promise<void>` */
export const OnDelete = () => markMethod('remove');
/** `(changes: readonly ReplicaChange<Entity>[], transaction: Queryable) => Promise<void>`, for set-based SQL. */
export const OnDeleteMany = () => markMethod('removeMany');

function markMethod(role: HandlerRole): MethodDecorator {
  return (_prototype, _name, descriptor) => {
    Reflect.defineMetadata(HANDLER_ROLE, role, descriptor.value as object);
  };
}
