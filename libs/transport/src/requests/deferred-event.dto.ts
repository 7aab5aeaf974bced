import { IsInt, IsNumber, Max, Min } from 'class-validator';
import { ListOf, Nested, Nullable, VersionText } from './checks';
import { ReplicaEntityKey } from './entity-key.dto';

/** A change that a deferred event waits for. */
export class AwaitedChange extends ReplicaEntityKey {
  /** Minimum version, a decimal number; null: any. */
  @Nullable()
  @VersionText()
  readonly version!: string | null;
}

/** An event that a replica has deferred until the entities that it depends on are there. */
export class DeferredEventSummary extends ReplicaEntityKey {
  /** A decimal number. */
  @VersionText()
  readonly version!: string;

  /** One of the missing changes. */
  @Nested(AwaitedChange)
  readonly waitsFor!: AwaitedChange;

  /** ms since 1970. */
  @IsNumber()
  readonly deferredSinceMs!: number;

  /** Failed attempts before it was deferred. */
  @IsInt()
  readonly attempts!: number;
}

export class DeferredEventQuery {
  @IsInt()
  @Min(1)
  @Max(500)
  readonly limit!: number;
}

export class DeferredEventPage {
  /** Number of all deferred events. */
  @IsInt()
  readonly total!: number;

  /** Those that have waited longest, up to the limit. */
  @ListOf(DeferredEventSummary)
  readonly items!: readonly DeferredEventSummary[];
}
