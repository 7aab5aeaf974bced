import { IsIn, IsOptional, IsString } from 'class-validator';

/**
 * The result of a redrive if it were done now:
 *
 * - `would apply`: the handler was run and succeeded.
 * - `still fails`: the event is invalid, or the handler was run and failed again.
 * - `would wait`: the event would be deferred, because an entity that it depends on is missing.
 * - `stale`: the replica has a newer version of the entity; `duplicate`: it has this version.
 * - `superseded`: a newer event of the same entity in this dry run would be applied.
 * - `unknown`: the dry run could not be done.
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

  /** Why it fails, would wait, or is unknown. */
  @IsOptional()
  @IsString()
  readonly reason?: string;
}
