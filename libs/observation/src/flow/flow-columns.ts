/** A flow over the last hour, in columns of equal length, oldest first; null where nothing is known. */
export interface FlowColumns {
  /** From one point to the next, s. */
  readonly stepS: number;
  /** When each point begins; s since 1970. */
  readonly at: readonly number[];
  readonly inPerS: readonly (number | null)[];
  readonly outPerS: readonly (number | null)[];
  readonly lagP50Ms: readonly (number | null)[];
  readonly lagP99Ms: readonly (number | null)[];
  readonly depth: readonly (number | null)[];
}
