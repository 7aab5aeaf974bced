import type { EntityKey, EntityType } from '@dbem/db-event';
import { IsString } from 'class-validator';

/** An entity of the publisher that is asked. */
export class SourceEntityKey {
  /** Not only those that are known here: the other end may be newer. */
  @IsString()
  readonly entityType!: EntityType;

  @IsString()
  readonly entityId!: string;
}

/** An entity in a replica. */
export class ReplicaEntityKey extends SourceEntityKey implements EntityKey {
  @IsString()
  readonly publisher!: string;
}
