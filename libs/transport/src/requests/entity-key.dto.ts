import type { EntityKey, EntityType } from '@dbem/db-event';
import { IsString } from 'class-validator';

/** An entity of the publisher that receives the request. */
export class SourceEntityKey {
  /** Unknown types are accepted: the other end may be newer. */
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
