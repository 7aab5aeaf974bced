import { ENTITY_TYPES, type EntityKey, type EntityType } from '@dbem/db-event';
import { IsIn, IsString, MaxLength } from 'class-validator';

export class EntityKeyDto implements EntityKey {
  @IsString()
  @MaxLength(200)
  publisher!: string;

  @IsIn(ENTITY_TYPES)
  entityType!: EntityType;

  @IsString()
  @MaxLength(1_000)
  entityId!: string;
}
