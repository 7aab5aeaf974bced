import { ENTITY_TYPES, type EntityType } from '@dbem/db-event';
import { comparedOf, countOf, type ReconcileRun, statementOf } from '@dbem/reconcile';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsInt, IsOptional, IsString, Max, Min } from 'class-validator';

const KINDS = ['backfill', 'audit', 'repair'] as const;
const STATES = ['pending', 'running', 'paused', 'done', 'failed', 'cancelled'] as const;

export class RunOptionsDto {
  @ApiPropertyOptional({ default: 2_000, description: 'Most rows sent in a second.' })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  maxRowsPerSecond?: number;

  @ApiPropertyOptional({ default: 1_000, description: 'Nothing is sent while more messages wait for the subscriber.' })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  maxQueueDepth?: number;

  @ApiPropertyOptional({ default: 5_000, description: 'How long a difference may be a change on its way, ms.' })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(600_000)
  settleMs?: number;
}

export class PostRunDto extends RunOptionsDto {
  @ApiProperty({ example: 'user.profile' })
  @IsString()
  publisher!: string;

  @ApiProperty({ example: 'sharing' })
  @IsString()
  subscriber!: string;

  @ApiProperty({ enum: ENTITY_TYPES })
  @IsIn(ENTITY_TYPES)
  entityType!: EntityType;

  @ApiProperty({ enum: KINDS, description: 'An audit only reports; a repair heals; a backfill repairs what is empty.' })
  @IsIn(KINDS)
  kind!: (typeof KINDS)[number];
}

export class DifferencesDto {
  @ApiProperty()
  missing!: number;

  @ApiProperty()
  extra!: number;

  @ApiProperty()
  different!: number;
}

export class RowDifferenceDto {
  @ApiProperty({ enum: ['missing', 'extra', 'different'] })
  kind!: 'missing' | 'extra' | 'different';

  @ApiProperty()
  entityId!: string;

  @ApiProperty({ type: [String], description: 'The compared fields that differ; empty if only the versions do.' })
  fields!: string[];

  @ApiProperty({ type: String, nullable: true })
  sourceVersion!: string | null;

  @ApiProperty({ type: String, nullable: true })
  replicaVersion!: string | null;
}

export class RangeDifferenceDto {
  @ApiProperty({ type: String, nullable: true, description: 'Entity id before the range; null: from the first.' })
  after!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Last entity id of the range; null: to the last.' })
  to!: string | null;

  @ApiProperty({ description: 'Entities that the source has there; the replica has none.' })
  missing!: number;
}

export class RunDto {
  @ApiProperty()
  id!: string;

  @ApiProperty()
  publisher!: string;

  @ApiProperty()
  subscriber!: string;

  @ApiProperty({ enum: ENTITY_TYPES })
  entityType!: EntityType;

  @ApiProperty({ enum: KINDS })
  kind!: (typeof KINDS)[number];

  @ApiProperty({ enum: STATES })
  state!: (typeof STATES)[number];

  @ApiProperty({ description: 'A person, or: subscription, schedule, lapse.' })
  requestedBy!: string;

  @ApiProperty({ format: 'date-time' })
  requestedAt!: string;

  @ApiPropertyOptional({ format: 'date-time' })
  startedAt?: string;

  @ApiPropertyOptional({ format: 'date-time' })
  endedAt?: string;

  @ApiProperty({ type: RunOptionsDto })
  options!: RunOptionsDto;

  @ApiProperty({ description: 'A healing run goes over all of it again, to see that it has healed. From 1.' })
  pass!: number;

  @ApiProperty({ description: 'Entities at the source when the run began.' })
  sourceRows!: number;

  @ApiProperty({ description: 'Entities compared, of this pass.' })
  compared!: number;

  @ApiProperty({ description: 'Entities that differed.' })
  differing!: number;

  @ApiProperty()
  sent!: number;

  @ApiProperty()
  sentBytes!: number;

  @ApiProperty({ description: 'Ghosts removed.' })
  removed!: number;

  @ApiPropertyOptional({ description: 'Compared in a second, of this pass.' })
  rowsPerSecond?: number;

  @ApiPropertyOptional({ description: 'Seconds that this pass will still take.' })
  secondsLeft?: number;

  @ApiPropertyOptional({ description: 'What it waits for.' })
  waitingFor?: string;

  @ApiPropertyOptional({ description: 'Why it failed.' })
  error?: string;

  @ApiPropertyOptional({ example: 'equal as of version 4711', description: 'Of a run that is done.' })
  statement?: string;

  @ApiPropertyOptional({ description: 'Of a run that is done.' })
  isEqual?: boolean;

  @ApiProperty({ type: DifferencesDto, description: 'What was found.' })
  found!: DifferencesDto;

  @ApiProperty({ type: DifferencesDto, description: 'What is left: of an audit all that it found.' })
  left!: DifferencesDto;

  @ApiProperty({ type: [RowDifferenceDto], description: 'Of what is left, the first 100 entities.' })
  rows!: RowDifferenceDto[];

  @ApiProperty({ type: [RangeDifferenceDto], description: 'Of what is left, the first 100 empty ranges.' })
  ranges!: RangeDifferenceDto[];

  static of(run: ReconcileRun): RunDto {
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
      rows: run.rows.map((row) => ({ ...row, fields: [...row.fields] })),
      ranges: [...run.ranges],
    };
  }
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

export class RunListDto {
  @ApiProperty({ type: [RunDto] })
  items!: RunDto[];
}
