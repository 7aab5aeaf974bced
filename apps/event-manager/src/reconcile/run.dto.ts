import { ENTITY_TYPES } from '@dbem/db-event';
import { classSchema } from '@dbem/http';
import {
  comparedOf,
  countOf,
  Differences,
  RangeDifference,
  type ReconcileRun,
  RowDifference,
  statementOf,
} from '@dbem/reconcile';
import type { DeepReadonly } from '@dbem/runtime';
import { z } from 'zod';
import { RUN_KINDS, RunOptionsDto } from './reconcile.dto';

const STATES = ['pending', 'running', 'paused', 'done', 'failed', 'cancelled'] as const;

export const RunDto = z
  .object({
    id: z.string(),
    publisher: z.string(),
    subscriber: z.string(),
    entityType: z.enum(ENTITY_TYPES),
    kind: z.enum(RUN_KINDS),
    state: z.enum(STATES),
    requestedBy: z.string().describe('The name of a principal, or one of: subscription, schedule, expiry, lost queue.'),
    requestedAt: z.iso.datetime(),
    startedAt: z.iso.datetime().optional(),
    endedAt: z.iso.datetime().optional(),
    options: classSchema(RunOptionsDto),
    pass: z.number().describe('Starts at 1. A run that repairs makes another pass to verify the result.'),
    sourceRows: z.number().describe('Entities at the source when the run started.'),
    compared: z.number().describe('Entities compared in the current pass.'),
    differing: z.number().describe('Entities that differed.'),
    sent: z.number(),
    sentBytes: z.number(),
    removed: z.number().describe('Orphans removed.'),
    rowsPerSecond: z.number().optional().describe('Entities compared per second in the current pass.'),
    secondsLeft: z.number().optional().describe('Estimated remaining seconds of the current pass.'),
    waitingFor: z.string().optional().describe('What the run waits for.'),
    error: z.string().optional().describe('Why the run failed.'),
    statement: z
      .string()
      .optional()
      .meta({ description: 'The result of a run that is done.', example: 'equal as of version 4711' }),
    isEqual: z.boolean().optional().describe('Whether replica and source are equal; only of a run that is done.'),
    found: Differences.describe('Differences found.'),
    left: Differences.describe('Differences that remain; for an audit, all that it found.'),
    rows: z.array(RowDifference).describe('The first 100 entities that still differ.'),
    ranges: z.array(RangeDifference).describe('The first 100 empty ranges that still differ.'),
  })
  .meta({ id: 'RunDto' });

export type RunDto = DeepReadonly<z.infer<typeof RunDto>>;

export const RunListDto = z.object({ items: z.array(RunDto) }).meta({ id: 'RunListDto' });

export type RunListDto = DeepReadonly<z.infer<typeof RunListDto>>;

export function toRunDto(run: ReconcileRun): RunDto {
  const { progress, options, pass, error } = run;
  const statement = statementOf(run);
  return {
    id: run.id,
    publisher: run.publisher,
    subscriber: run.subscriber,
    entityType: run.entityType,
    kind: run.kind,
    state: run.state,
    requestedBy: run.requestedBy,
    requestedAt: new Date(run.requestedAtMs).toISOString(),
    ...(run.startedAtMs !== null && { startedAt: new Date(run.startedAtMs).toISOString() }),
    ...(run.endedAtMs !== null && { endedAt: new Date(run.endedAtMs).toISOString() }),
    options,
    pass,
    sourceRows: progress.sourceRows,
    compared: comparedOf(progress),
    differing: countOf(run.found),
    sent: progress.sent,
    sentBytes: progress.bytes,
    removed: progress.removed,
    ...speedOf(run),
    ...(run.waitingFor !== null && { waitingFor: run.waitingFor }),
    ...(error !== null && { error: `${error.code}: ${error.message}` }),
    ...(statement !== undefined && { statement: statement.text, isEqual: statement.isEqual }),
    found: run.found,
    left: run.left,
    rows: run.rows,
    ranges: run.ranges,
  };
}

function speedOf({
  passStartedAtMs,
  endedAtMs,
  progress,
}: ReconcileRun): Pick<RunDto, 'rowsPerSecond' | 'secondsLeft'> {
  const compared = comparedOf(progress);
  if (passStartedAtMs === null || compared === 0) return {};
  const seconds = Math.max(((endedAtMs ?? Date.now()) - passStartedAtMs) / 1_000, 0.001);
  const rowsPerSecond = compared / seconds;
  const rowsLeft = Math.max(progress.sourceRows - compared, 0);
  return {
    rowsPerSecond: Math.round(rowsPerSecond),
    ...(endedAtMs === null && { secondsLeft: Math.ceil(rowsLeft / rowsPerSecond) }),
  };
}
