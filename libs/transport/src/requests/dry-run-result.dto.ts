import { IsIn, IsOptional, IsString } from 'class-validator';

/**
 * What would become of an event that is sent to its service again, as things are now:
 *
 * - `would apply`: its handler has been tried and took it.
 * - `still fails`: it can't be used, or its handler has been tried and failed again.
 * - `would wait`: what it depends on is not there.
 * - `stale`: the replica holds a newer state of its entity; `duplicate`: this very state.
 * - `superseded`: a newer event of its entity, looked at with it, would be applied.
 * - `unknown`: it could not be tried.
 */
export const DRY_RUN_OUTCOMES = [
  'would apply',
  'still fails',
  'would wait',
  'stale',
  'duplicate',
  'superseded',
  'unknown',
] as const;

export type DryRunOutcome = (typeof DRY_RUN_OUTCOMES)[number];

export class DryRunResult {
  @IsIn(DRY_RUN_OUTCOMES)
  readonly outcome!: DryRunOutcome;

  /** Why it fails, waits, or is not known. */
  @IsOptional()
  @IsString()
  readonly reason?: string;
}
