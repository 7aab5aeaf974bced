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
export class HeldListing extends ReplicaEntityKey {
  /** A decimal number. */
  @VersionText()
  readonly version!: string;

  /** One of the changes that are missing. */
  @Nested(AwaitedChange)
  readonly waitsFor!: AwaitedChange;

  /** ms since 1970. */
  @IsNumber()
  readonly heldSinceMs!: number;

  /** How often it had failed before it was held. */
  @IsInt()
  readonly attempts!: number;
}

export class HeldQuery {
  @IsInt()
  @Min(1)
  @Max(500)
  readonly limit!: number;
}

export class HeldPage {
  /** How many are held in all. */
  @IsInt()
  readonly total!: number;

  /** Those that have waited longest. */
  @ListOf(HeldListing)
  readonly items!: readonly HeldListing[];
}
