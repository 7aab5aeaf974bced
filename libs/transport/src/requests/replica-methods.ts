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

/** The version of an entity in the replica. */
export class ReplicaVersion {
  /** A decimal number; 0 if only events of a legacy publisher were applied. */
  @VersionText()
  readonly version!: string;

  @IsBoolean()
  readonly deleted!: boolean;

  /** The highest arrival of an applied event of a legacy publisher, a decimal number; null: none was applied. */
  @Nullable()
  @VersionText()
  readonly arrival!: string | null;
}

/** The state of an entity in a replica. */
export class ReplicatedEntity {
  /** The service has a handler for this entity type. */
  @IsBoolean()
  readonly isHandled!: boolean;

  /** A decimal number, 0 if only events of a legacy publisher were applied; null: the replica never had the entity. */
  @Nullable()
  @VersionText()
  readonly version!: string | null;

  @IsBoolean()
  readonly deleted!: boolean;

  /** ms since 1970. */
  @Nullable()
  @IsNumber()
  readonly appliedAtMs!: number | null;

  /** A deferred event of this entity. */
  @Nullable()
  @Nested(DeferredEventSummary)
  readonly deferred!: DeferredEventSummary | null;

  /** Fields that the replica can read: see `ReplicaProjection`. Missing in the answers of older releases. */
  @IsOptional()
  @Texts()
  readonly fields?: readonly string[];

  /** Null: the service has no handler for this entity type. Missing when `fields` is. */
  @IsOptional()
  @Nested(ReadState)
  readonly state?: ReadState | null;
}

/** An event for a dry run: it is applied in a transaction that is rolled back. */
export class DryRunEvent {
  /** The message's body, base64. */
  @IsString()
  readonly body!: string;

  /** Its `ARRIVAL_HEADER`, which orders the events of legacy publishers. */
  @IsOptional()
  @VersionText()
  readonly arrival?: string;

  /** ISO 8601. Missing: it has not failed. */
  @IsOptional()
  @IsDateString()
  readonly firstFailedAt?: string;
}

export class DryRunQuery {
  @ListOf(DryRunEvent, { max: 200 })
  readonly events!: readonly DryRunEvent[];
}

export const ReplicaMethods = {
  /** One answer per entity, in the same order; null for an entity that the replica never had. */
  versions: new RequestMethod('replica', 'replica.versions', VersionsQuery, listOfOneOrNull(ReplicaVersion)),
  entity: new RequestMethod('replica', 'replica.entity', ReplicaEntityKey, one(ReplicatedEntity)),
  deferredEvents: new RequestMethod('replica', 'replica.deferredEvents', DeferredEventQuery, one(DeferredEventPage)),
  /** The result of a redrive of each event, in the same order; changes nothing. */
  dryRun: new RequestMethod('replica', 'replica.dryRun', DryRunQuery, listOf(DryRunResult)),
};
