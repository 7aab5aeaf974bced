import type { AuditEntry } from './audit-entry';

/** An entry with its place in the trail. */
export interface PlacedAuditEntry {
  readonly offset: number;
  readonly entry: AuditEntry;
}

/** The newest entries of the trail, in memory to be listed; those of all managers. */
export class AuditView {
  private entries: (PlacedAuditEntry & { entry: AuditEntry })[] = [];
  /** By the entry's id: those whose outcome may follow. */
  private readonly begun = new Map<string, { entry: AuditEntry }>();
  private newest = -1;

  constructor(private readonly maxEntries: number) {}

  /** The first offset that has not been seen. */
  get nextOffset(): number {
    return this.newest + 1;
  }

  /** In the order of the trail; what was seen before is passed over. An outcome takes the place of its beginning. */
  add(offset: number, entry: AuditEntry | undefined): void {
    if (offset <= this.newest) return;
    this.newest = offset;
    if (entry === undefined) return;
    const begun = this.begun.get(entry.id);
    if (begun !== undefined) {
      // It keeps the place of its beginning: pages that somebody reads meanwhile stay as they are.
      begun.entry = entry;
      this.begun.delete(entry.id);
      return;
    }
    const placed = { offset, entry };
    this.entries.push(placed);
    if (entry.result === 'begun') this.begun.set(entry.id, placed);
    // Twice the bound before a cut, so that not each entry costs a copy of all.
    if (this.entries.length < 2 * this.maxEntries) return;
    for (const { entry: dropped } of this.entries.slice(0, -this.maxEntries)) this.begun.delete(dropped.id);
    this.entries = this.entries.slice(-this.maxEntries);
  }

  /** The broker's trail is another one than before (deleted, or the broker came back empty). */
  forget(): void {
    this.entries = [];
    this.begun.clear();
    this.newest = -1;
  }

  /** Newest first, `limit` at most, older than the offset `before` if that is given. */
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
