import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

export class EntityDto {
  @ApiProperty()
  id!: string;

  @ApiProperty({ example: 'seagrid' })
  domainId!: string;

  @ApiProperty({ example: 'seagrid:PROJECT' })
  entityTypeId!: string;

  @ApiProperty({ example: 'ada@seagrid' })
  ownerId!: string;

  @ApiProperty({ example: 'Default Project' })
  name!: string;

  @ApiPropertyOptional()
  description?: string;
}
