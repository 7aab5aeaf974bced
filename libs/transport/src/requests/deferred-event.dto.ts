import { IsInt, IsNumber, Max, Min } from 'class-validator';
import { ListOf, Nested, Nullable, VersionText } from './checks';
import { ReplicaEntityKey } from './entity-key.dto';

/** A change that an event waits for. */
export class AwaitedChange extends ReplicaEntityKey {
  /** At least this one; null: any. */
  @Nullable()
  @VersionText()
  readonly version!: string | null;
}

/** An event that a replica keeps until what it depends on is there. */
export class DeferredEventSummary extends ReplicaEntityKey {
  /** A decimal number. */
  @VersionText()
  readonly version!: string;

  /** One of the changes that are missing. */
  @Nested(AwaitedChange)
  readonly waitsFor!: AwaitedChange;

  /** ms since 1970. */
  @IsNumber()
  readonly deferredSinceMs!: number;

  /** How often it had failed before it was deferred. */
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
  /** How many are deferred in all. */
  @IsInt()
  readonly total!: number;

  /** Those that have waited longest. */
  @ListOf(DeferredEventSummary)
  readonly items!: readonly DeferredEventSummary[];
}
