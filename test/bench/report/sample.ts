/** The resources that one process, or all processes with one name, used in a run. */
export interface ProcessUsage {
  readonly cpuSecondsPer100k: number;
  readonly peakMiB: number;
}

/** The result of one run. */
export interface Sample {
  /** Undefined if the run has no rate, for example in the latency case. */
  readonly eventsPerSecond?: number;
  readonly usage?: Readonly<Record<string, ProcessUsage>>;
  /** Other figures by name; the name includes the unit. */
  readonly figures?: Readonly<Record<string, number>>;
}

/** The runs of one side at one point of a case. */
export interface Series {
  readonly case: string;
  readonly point: string;
  readonly side: string;
  readonly samples: readonly Sample[];
}
