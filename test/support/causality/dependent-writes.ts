import type { CrudType, EntityType, Version } from '@dbem/db-event';
import { type EntityCodec, encodeEvent } from '@dbem/entity-codec';
import fc from 'fast-check';

/** Three publishers: groups depend on projects, and projects on users, at the versions that each publisher saw. */
export const LEVELS = [
  { publisher: 'user.profile', entityType: 'USER_PROFILE', name: 'user' },
  { publisher: 'registry', entityType: 'PROJECT', name: 'project' },
  { publisher: 'groups', entityType: 'GROUP', name: 'group' },
] as const satisfies readonly { publisher: string; entityType: EntityType; name: string }[];

/** A write of one of a publisher's two entities, which refers to entities of the previous level. */
export interface Write {
  readonly level: number;
  readonly entity: number;
  readonly named: readonly number[];
  readonly isDelete: boolean;
}

export const anyWrite: fc.Arbitrary<Write> = fc.record({
  level: fc.integer({ min: 0, max: LEVELS.length - 1 }),
  entity: fc.integer({ min: 0, max: 1 }),
  named: fc.subarray([0, 1], { minLength: 1 }),
  isDelete: fc.boolean(),
});

/** A reference to an entity, at the version that the publisher of the reference saw. */
export interface Named {
  readonly key: string;
  readonly entityId: string;
  readonly minimumVersion: string;
}

/** An entity with only the fields that the test needs. */
export interface Content {
  readonly key: string;
  readonly named: readonly Named[];
}

export function codecOf(entityType: EntityType): EntityCodec<Content> {
  return {
    entityType,
    encode: (entity) => Buffer.from(JSON.stringify(entity)),
    decode: (bytes) => JSON.parse(bytes.toString()),
    idOf: ({ key }) => key,
  };
}

export interface Played {
  /** The encoded events of the writes. */
  readonly bodies: readonly Buffer[];
  /** The rows that a replica must end with, by key. */
  readonly replica: readonly { readonly key: string; readonly content: string }[];
}

/** Keys start with `prefix`, so that several rounds can share a database. */
export function play(writes: readonly Write[], prefix: string, nextVersion: () => Version): Played {
  const latest = new Map<string, { version: Version; isDelete: boolean }>();
  const bodies = writes.map(({ level, entity, named, isDelete }) => {
    const version = nextVersion();
    const { publisher, entityType } = levelAt(level);
    const entityId = keyOf(prefix, level, entity);
    const dependencies = named.flatMap((other) => {
      const namedKey = keyOf(prefix, level - 1, other);
      const state = latest.get(namedKey);
      if (state === undefined || state.isDelete) return [];
      const { publisher: of, entityType: type } = levelAt(level - 1);
      return [{ publisher: of, entityType: type, entityId: namedKey, minimumVersion: state.version }];
    });
    latest.set(entityId, { version, isDelete });
    const crudType: CrudType = isDelete ? 'DELETE' : 'UPDATE';
    const content: Content = {
      key: entityId,
      named: dependencies.map(({ entityId: key, minimumVersion }) => ({
        key,
        entityId: key,
        minimumVersion: String(minimumVersion),
      })),
    };
    return encodeEvent({
      publisher,
      entityType,
      entityId,
      version,
      crudType,
      entity: codecOf(entityType).encode(content),
      dependencies: dependencies.length === 0 ? undefined : dependencies,
    });
  });
  const replica = [...latest]
    .filter(([, { isDelete }]) => !isDelete)
    .map(([key, state]) => ({ key, content: String(state.version) }))
    .sort((left, right) => (left.key < right.key ? -1 : 1));
  return { bodies, replica };
}

function levelAt(level: number): (typeof LEVELS)[number] {
  return LEVELS[level] as (typeof LEVELS)[number];
}

function keyOf(prefix: string, level: number, entity: number): string {
  return `${prefix} ${LEVELS[level]?.name} ${entity}`;
}
