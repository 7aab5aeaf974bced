import type { AuditEntry } from './audit-entry';

/** An entry with its offset in the trail. */
export interface PlacedAuditEntry {
  readonly offset: number;
  readonly entry: AuditEntry;
}

/** Keeps the newest entries of all managers in memory, for listing. */
export class AuditView {
  private entries: (PlacedAuditEntry & { entry: AuditEntry })[] = [];
  /** Entries without an outcome yet, by id. */
  private readonly started = new Map<string, { entry: AuditEntry }>();
  private newest = -1;

  constructor(private readonly maxEntries: number) {}

  /** The first offset that has not been read. */
  get nextOffset(): number {
    return this.newest + 1;
  }

  /** Call in the order of the trail. Ignores offsets that were read before. An outcome replaces its started entry. */
  add(offset: number, entry: AuditEntry | undefined): void {
    if (offset <= this.newest) return;
    this.newest = offset;
    if (entry === undefined) return;
    const started = this.started.get(entry.id);
    if (started !== undefined) {
      // Keeps the offset of the started entry, so that a client paging through the trail sees no shift.
      started.entry = entry;
      this.started.delete(entry.id);
      return;
    }
    const placed = { offset, entry };
    this.entries.push(placed);
    if (entry.result === 'started') this.started.set(entry.id, placed);
    // Trims only at twice the limit, so that not every entry costs a new array.
    if (this.entries.length < 2 * this.maxEntries) return;
    for (const { entry: dropped } of this.entries.slice(0, -this.maxEntries)) this.started.delete(dropped.id);
    this.entries = this.entries.slice(-this.maxEntries);
  }

  /** Call when the broker's stream is a new one: it was deleted, or the broker came back empty. */
  forget(): void {
    this.entries = [];
    this.started.clear();
    this.newest = -1;
  }

  /** Newest first, at most `limit`, only offsets below `before` if that is given. */
  list(limit: number, before: number | undefined, matches: (entry: AuditEntry) => boolean): PlacedAuditEntry[] {
    const found: PlacedAuditEntry[] = [];
    const oldest = Math.max(this.entries.length - this.maxEntries, 0);
    for (let index = this.entries.length - 1; index >= oldest && found.length < limit; index -= 1) {
      const placed = this.entries[index] as PlacedAuditEntry;
      if ((before === undefined || placed.offset < before) && matches(placed.entry)) found.push(placed);
    }
    return found;
  }
}
