import type { AuditEntry } from './audit-entry';

/** An entry with its place in the trail. */
export interface PlacedAuditEntry {
  readonly offset: number;
  readonly entry: AuditEntry;
}

/** The newest entries of the trail, in memory to be listed; those of all managers. */
export class AuditView {
  private entries: PlacedAuditEntry[] = [];
  private newest = -1;

  constructor(private readonly maxEntries: number) {}

  /** The first offset that has not been seen. */
  get nextOffset(): number {
    return this.newest + 1;
  }

  /** In the order of the trail; what was seen before is passed over. */
  add(offset: number, entry: AuditEntry | undefined): void {
    if (offset <= this.newest) return;
    this.newest = offset;
    if (entry === undefined) return;
    this.entries.push({ offset, entry });
    // Twice the bound before a cut, so that not each entry costs a copy of all.
    if (this.entries.length >= 2 * this.maxEntries) this.entries = this.entries.slice(-this.maxEntries);
  }

  /** The broker's trail is another one than before (deleted, or the broker came back empty). */
  forget(): void {
    this.entries = [];
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
