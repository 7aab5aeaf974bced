import type { EntityKey, EntityVersion, Version } from '@dbem/db-event';
import { keyText } from '../postgres/version-gate';
import { hashOf } from './applied-notification';

/** One reader and the entities that it still waits for. */
interface Reader {
  readonly missing: Map<string, Version>;
  readonly onApplied: () => void;
}

interface WaitedFor {
  readonly key: EntityKey;
  readonly readers: Set<Reader>;
}

/** Who waits for which entity to reach which version: by entity, so that a change finds its readers without a search. */
export class WaitingReaders {
  private readonly byKey = new Map<string, WaitedFor>();
  private readonly keysByHash = new Map<number, Set<string>>();
  private count = 0;

  get size(): number {
    return this.count;
  }

  /** @returns ends the waiting; may be called after `onApplied`. */
  add(changes: readonly EntityVersion[], onApplied: () => void): () => void {
    const missing = new Map(changes.map((change) => [keyText(change), change.version]));
    const reader: Reader = { missing, onApplied };
    for (const change of changes) this.entryOf(change).readers.add(reader);
    this.count += 1;
    return () => this.remove(reader);
  }

  /** The replica has this version of the entity. */
  note(key: EntityKey, version: Version): void {
    const text = keyText(key);
    const entry = this.byKey.get(text);
    if (entry === undefined) return;
    for (const reader of [...entry.readers]) {
      if (version < (reader.missing.get(text) as Version)) continue;
      reader.missing.delete(text);
      this.forget(text, reader);
      if (reader.missing.size > 0) continue;
      this.count -= 1;
      reader.onApplied();
    }
  }

  /** The entities waited for, of which one may have changed. */
  withHash(hash: number): EntityKey[] {
    return [...(this.keysByHash.get(hash) ?? [])].flatMap((text) => this.byKey.get(text)?.key ?? []);
  }

  keys(): EntityKey[] {
    return [...this.byKey.values()].map(({ key }) => key);
  }

  private remove(reader: Reader): void {
    if (reader.missing.size === 0) return;
    for (const text of reader.missing.keys()) this.forget(text, reader);
    reader.missing.clear();
    this.count -= 1;
  }

  private entryOf({ publisher, entityType, entityId }: EntityKey): WaitedFor {
    const key = { publisher, entityType, entityId };
    const text = keyText(key);
    let entry = this.byKey.get(text);
    if (entry === undefined) {
      entry = { key, readers: new Set() };
      this.byKey.set(text, entry);
      const hash = hashOf(key);
      this.keysByHash.set(hash, (this.keysByHash.get(hash) ?? new Set()).add(text));
    }
    return entry;
  }

  private forget(text: string, reader: Reader): void {
    const entry = this.byKey.get(text);
    if (entry === undefined || !entry.readers.delete(reader) || entry.readers.size > 0) return;
    this.byKey.delete(text);
    const hash = hashOf(entry.key);
    const keys = this.keysByHash.get(hash);
    keys?.delete(text);
    if (keys?.size === 0) this.keysByHash.delete(hash);
  }
}
