import type { EntityCodec } from '@dbem/entity-codec';
import type { ReplicaProjection } from './replica-projection';

export interface ReplicatesOptions {
  /** The publisher's name. */
  readonly publisher: string;
  // biome-ignore lint/suspicious/noExplicitAny: any entity; the methods' signatures have its type.
  readonly codec: EntityCodec<any>;
  /** How the replica's rows are read for a comparison with the publisher. Undefined: only versions are compared. */
  readonly projection?: ReplicaProjection;
  /** Request a backfill of the publisher's existing entities once, with the first subscription. Default: false. */
  readonly backfill?: boolean;
}

export type HandlerRole = 'upsert' | 'upsertMany' | 'remove' | 'removeMany';

export const REPLICATES = Symbol('dbem:replicates');
export const HANDLER_ROLE = Symbol('dbem:handler-role');

/**
 * Makes an injectable class the handler of one entity type of one publisher. The service subscribes to it at its start.
 * The class needs one method with `@OnUpsert` or `@OnUpsertMany` and one with `@OnDelete` or `@OnDeleteMany`.
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
