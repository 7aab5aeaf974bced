export interface TimelineEntry {
  /** From the start of the soak, ms. */
  readonly atMs: number;
  readonly text: string;
}

/** Records events with their time, and prints each at once. */
export class Timeline {
  private readonly startedAtMs = Date.now();
  readonly entries: TimelineEntry[] = [];

  constructor(private readonly print: (line: string) => void) {}

  get elapsedMs(): number {
    return Date.now() - this.startedAtMs;
  }

  note(text: string): void {
    const atMs = this.elapsedMs;
    this.entries.push({ atMs, text });
    this.print(`${clock(atMs)}  ${text}`);
  }
}

function clock(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  return `${String(Math.floor(seconds / 60)).padStart(3)}:${String(seconds % 60).padStart(2, '0')}`;
}
