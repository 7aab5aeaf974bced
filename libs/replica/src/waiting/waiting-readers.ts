import type { EntityKey, EntityVersion, Version } from '@dbem/db-event';
import { keyText } from '../postgres/version-gate';
import { hashOf } from './applied-notification';

interface Reader {
  /** The entities that it still waits for. */
  readonly missing: Map<AwaitedEntity, Version>;
  readonly onApplied: () => void;
}

interface AwaitedEntity {
  readonly key: EntityKey;
  readonly readers: Set<Reader>;
}

/**
 * Readers and the entity versions that they wait for; indexed by entity, so that a change finds its readers without a
 * scan.
 */
export class WaitingReaders {
  private readonly byKey = new Map<string, AwaitedEntity>();
  private readonly byHash = new Map<number, Set<AwaitedEntity>>();
  private count = 0;

  get size(): number {
    return this.count;
  }

  /** @returns a function that removes the reader; may also be called after `onApplied`. */
  add(changes: readonly EntityVersion[], onApplied: () => void): () => void {
    const reader: Reader = { missing: new Map(), onApplied };
    for (const change of changes) {
      const entity = this.entityOf(change);
      entity.readers.add(reader);
      if (change.version > (reader.missing.get(entity) ?? 0n)) reader.missing.set(entity, change.version);
    }
    this.count += 1;
    return () => this.remove(reader);
  }

  /** The replica has this version of the entity. */
  note(key: EntityKey, version: Version): void {
    const entity = this.byKey.get(keyText(key));
    if (entity === undefined) return;
    for (const reader of [...entity.readers]) {
      if (version < (reader.missing.get(entity) as Version)) continue;
      reader.missing.delete(entity);
      this.removeFrom(entity, reader);
      if (reader.missing.size > 0) continue;
      this.count -= 1;
      reader.onApplied();
    }
  }

  /** The awaited entities with this hash: one of them may have changed. */
  withHash(hash: number): EntityKey[] {
    return [...(this.byHash.get(hash) ?? [])].map(({ key }) => key);
  }

  keys(): EntityKey[] {
    return [...this.byKey.values()].map(({ key }) => key);
  }

  private remove(reader: Reader): void {
    if (reader.missing.size === 0) return;
    for (const entity of reader.missing.keys()) this.removeFrom(entity, reader);
    reader.missing.clear();
    this.count -= 1;
  }

  private entityOf({ publisher, entityType, entityId }: EntityKey): AwaitedEntity {
    const key = { publisher, entityType, entityId };
    const text = keyText(key);
    let entity = this.byKey.get(text);
    if (entity === undefined) {
      entity = { key, readers: new Set() };
      this.byKey.set(text, entity);
      const hash = hashOf(key);
      this.byHash.set(hash, (this.byHash.get(hash) ?? new Set()).add(entity));
    }
    return entity;
  }

  private removeFrom(entity: AwaitedEntity, reader: Reader): void {
    entity.readers.delete(reader);
    if (entity.readers.size > 0) return;
    this.byKey.delete(keyText(entity.key));
    const hash = hashOf(entity.key);
    const entities = this.byHash.get(hash);
    entities?.delete(entity);
    if (entities?.size === 0) this.byHash.delete(hash);
  }
}
