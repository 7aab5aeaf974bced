export interface RecoverySummary {
  readonly count: number;
  readonly medianMs: number;
  readonly longestMs: number;
}

/** Recovery times by kind of fault. */
export class RecoveryTimes {
  private readonly byKind = new Map<string, number[]>();

  note(kind: string, tookMs: number): void {
    const times = this.byKind.get(kind) ?? [];
    times.push(tookMs);
    this.byKind.set(kind, times);
  }

  summary(): Record<string, RecoverySummary> {
    return Object.fromEntries(
      [...this.byKind].sort().map(([kind, times]) => {
        const sorted = [...times].sort((left, right) => left - right);
        return [
          kind,
          {
            count: sorted.length,
            medianMs: sorted[Math.floor(sorted.length / 2)] ?? 0,
            longestMs: sorted.at(-1) ?? 0,
          },
        ];
      }),
    );
  }
}
