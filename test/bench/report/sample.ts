/** What one process, or all of one name, used in one run. */
export interface ProcessUsage {
  readonly cpuSecondsPer100k: number;
  readonly peakMiB: number;
}

/** What one run of one side of a case gave. */
export interface Sample {
  /** Undefined where a run has no rate of its own (latency, say). */
  readonly eventsPerSecond?: number;
  readonly usage?: Readonly<Record<string, ProcessUsage>>;
  /** Further figures by name, with their unit in it. */
  readonly figures?: Readonly<Record<string, number>>;
}

/** The runs of one side at one point of a case. */
export interface Series {
  readonly case: string;
  readonly point: string;
  readonly side: string;
  readonly samples: readonly Sample[];
}
