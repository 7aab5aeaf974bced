import { IsBoolean, IsDateString, IsNumber, IsOptional, IsString } from 'class-validator';
import { ListOf, Nested, Nullable, Texts, VersionText } from './checks';
import { ReadState } from './comparison.dto';
import { DeferredEventPage, DeferredEventQuery, DeferredEventSummary } from './deferred-event.dto';
import { DryRunResult } from './dry-run-result.dto';
import { ReplicaEntityKey } from './entity-key.dto';
import { listOf, listOfOneOrNull, one, RequestMethod } from './request-method';

export class VersionsQuery {
  @ListOf(ReplicaEntityKey, { max: 1_000 })
  readonly entities!: readonly ReplicaEntityKey[];
}

/** What the replica holds of an entity. */
export class ReplicaVersion {
  /** A decimal number; 0 if only events of an old publisher were applied. */
  @VersionText()
  readonly version!: string;

  @IsBoolean()
  readonly deleted!: boolean;

  /** When an old publisher's last event came that was applied, ms since 1970; null: none was. */
  @Nullable()
  @IsNumber()
  readonly arrivedAtMs!: number | null;
}

/** The state of an entity in a replica. */
export class ReplicatedEntity {
  /** The service handles such entities. */
  @IsBoolean()
  readonly isHandled!: boolean;

  /** A decimal number, 0 if only events of an old publisher were applied; null: the replica never had it. */
  @Nullable()
  @VersionText()
  readonly version!: string | null;

  @IsBoolean()
  readonly deleted!: boolean;

  /** ms since 1970. */
  @Nullable()
  @IsNumber()
  readonly appliedAtMs!: number | null;

  /** An event of it that waits for what it depends on. */
  @Nullable()
  @Nested(DeferredEventSummary)
  readonly deferred!: DeferredEventSummary | null;

  /** What of such entities the replica can show: see `ReplicaProjection`. Left out by services of before there was such. */
  @IsOptional()
  @Texts()
  readonly fields?: readonly string[];

  /** Null: the service handles no such entities. Left out as `fields` is. */
  @IsOptional()
  @Nested(ReadState)
  readonly state?: ReadState | null;
}

/** An event that is to be tried, and undone. */
export class DryRunEvent {
  /** The message's body, base64. */
  @IsString()
  readonly body!: string;

  /** By this an old publisher's event is ordered. */
  @IsOptional()
  @IsDateString()
  readonly firstFailedAt?: string;
}

export class DryRunQuery {
  @ListOf(DryRunEvent, { max: 200 })
  readonly events!: readonly DryRunEvent[];
}

export const ReplicaMethods = {
  /** For each entity what the replica holds of it, in the same order; null for one that it never had. */
  versions: new RequestMethod('replica', 'replica.versions', VersionsQuery, listOfOneOrNull(ReplicaVersion)),
  entity: new RequestMethod('replica', 'replica.entity', ReplicaEntityKey, one(ReplicatedEntity)),
  deferredEvents: new RequestMethod('replica', 'replica.deferredEvents', DeferredEventQuery, one(DeferredEventPage)),
  /** What would become of each event if it were sent again; nothing is changed. */
  dryRun: new RequestMethod('replica', 'replica.dryRun', DryRunQuery, listOf(DryRunResult)),
};
