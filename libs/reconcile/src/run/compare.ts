import type { KeyRange, RangeDigest, RowDigest } from '@dbem/transport';
import { compareIds } from './compare-ids';
import { verifySuspects } from './verify-suspects';
import type { Working } from './working';

/** A range of up to this many rows is not split any further: its rows are compared. */
const LEAF_ROWS = 64;
const SPLIT_INTO = 16;
const PAGE_ROWS = 500;
/** At this many differing rows, they are verified before the comparison continues, which bounds the memory. */
const MAX_SUSPECTS = 5_000;

/** Compares the source's ranges with the replica's, splits ranges that differ, and verifies rows that differ. */
export class Comparison {
  private suspects: string[] = [];
  private readonly emptyRanges: KeyRange[] = [];

  constructor(private readonly working: Working) {}

  /** @param ranges the source's. Resolves when all differences have been verified. */
  async compare(ranges: readonly RangeDigest[]): Promise<void> {
    await this.compareRanges(ranges, true);
    await this.verifySuspects();
    if (this.emptyRanges.length > 0) await this.verifyEmptyRanges();
    await this.verifySuspects();
  }

  private async compareRanges(ranges: readonly RangeDigest[], isTopLevel: boolean): Promise<void> {
    const { endpoints, fields } = this.working;
    const replicas = await endpoints.replica.digest(fields, ranges);
    for (const [index, source] of ranges.entries()) {
      const replica = replicas[index] as RangeDigest;
      const isEqual = replica.digest === source.digest && replica.rows === source.rows;
      if (!isEqual) await this.compareRange(source, replica, isTopLevel);
      if (isTopLevel) await this.working.noteCompared(source.rows);
    }
  }

  private async compareRange(source: RangeDigest, replica: RangeDigest, isTopLevel: boolean): Promise<void> {
    if (replica.rows === 0 && isTopLevel) await this.handleEmpty(source);
    else if (this.isMostlyMissing(source, replica)) await this.sendMissing(source, source.rows - replica.rows);
    else if (source.rows > LEAF_ROWS) await this.split(source);
    else await this.compareRows(source);
  }

  /** If so, finding out which entities the replica has would cost more than sending them, too. */
  private isMostlyMissing(source: RangeDigest, replica: RangeDigest): boolean {
    const { isRepairing, isVerifying } = this.working;
    return isRepairing && !isVerifying && source.rows > LEAF_ROWS && 2 * replica.rows <= source.rows;
  }

  /** A range that is empty in the replica needs no splitting. */
  private async handleEmpty(source: RangeDigest): Promise<void> {
    const { isRepairing, isVerifying } = this.working;
    if (isRepairing && !isVerifying) await this.sendMissing(source);
    else this.emptyRanges.push({ after: source.after, to: source.to });
  }

  private async sendMissing(range: RangeDigest, missing = range.rows): Promise<void> {
    this.working.counters.addFound('missing', missing);
    this.working.counters.isUnverified = true;
    await this.working.sendRange(range);
  }

  /** Compares the ranges that were empty in the replica again, after what was in transit has arrived. */
  private async verifyEmptyRanges(): Promise<void> {
    const { endpoints, fields, counters, clock, verifyAfterMs, isRepairing } = this.working;
    await this.working.awaitArrival();
    await clock.pause(verifyAfterMs);
    for (const range of this.emptyRanges.splice(0)) {
      const [replica] = await endpoints.replica.digest(fields, [range]);
      const { ranges, isEnd } = await endpoints.source.split(fields, range, 10 * PAGE_ROWS, 1);
      const [source] = ranges;
      if (isEnd && replica?.rows === 0 && source !== undefined) {
        if (source.rows === 0) continue;
        if (isRepairing) {
          // It was sent before and is still missing: comparing row by row shows why, for example a newer tombstone.
          await this.compareRows(range);
          continue;
        }
        counters.addFound('missing', source.rows);
        counters.addLeftRange({ ...range, missing: source.rows });
      } else {
        await this.compareRows(range);
      }
    }
  }

  private async split(range: RangeDigest): Promise<void> {
    const rowsEach = Math.max(LEAF_ROWS, Math.ceil(range.rows / SPLIT_INTO));
    let after = range.after;
    for (;;) {
      const part = { after, to: range.to };
      const { ranges, isEnd } = await this.working.endpoints.source.split(
        this.working.fields,
        part,
        rowsEach,
        SPLIT_INTO,
      );
      await this.compareRanges(ranges, false);
      if (isEnd) return;
      after = ranges.at(-1)?.to ?? null;
    }
  }

  /** Reads both endpoints page by page. */
  private async compareRows(range: KeyRange): Promise<void> {
    const { endpoints, fields } = this.working;
    let after = range.after;
    for (;;) {
      const page = { after, to: range.to };
      const source = await endpoints.source.rows(fields, page, PAGE_ROWS);
      const replica = await endpoints.replica.rows(fields, page, PAGE_ROWS);
      const end = endOfPage(source, replica);
      this.suspects.push(...differingIds(source, replica, end));
      if (this.suspects.length >= MAX_SUSPECTS) await this.verifySuspects();
      if (end === undefined) return;
      after = end;
    }
  }

  private async verifySuspects(): Promise<void> {
    const suspects = this.suspects;
    this.suspects = [];
    await verifySuspects(this.working, suspects);
  }
}

/** The last id that both pages cover; undefined: the pages cover the rest of the range. */
function endOfPage(...pages: readonly (readonly RowDigest[])[]): string | undefined {
  const ends = pages.filter(({ length }) => length >= PAGE_ROWS).map((page) => page.at(-1)?.entityId ?? '');
  return ends.sort(compareIds)[0];
}

function differingIds(source: readonly RowDigest[], replica: readonly RowDigest[], end: string | undefined): string[] {
  const isWithin = ({ entityId }: RowDigest) => end === undefined || compareIds(entityId, end) <= 0;
  const sources = new Map(source.filter(isWithin).map(({ entityId, digest }) => [entityId, digest]));
  const replicas = new Map(replica.filter(isWithin).map(({ entityId, digest }) => [entityId, digest]));
  const ids = new Set([...sources.keys(), ...replicas.keys()]);
  return [...ids].filter((id) => sources.get(id) !== replicas.get(id));
}
