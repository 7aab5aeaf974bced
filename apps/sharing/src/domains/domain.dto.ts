import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

export class TypeDto {
  @ApiProperty({ example: 'seagrid:PROJECT' })
  id!: string;

  @ApiProperty({ example: 'PROJECT' })
  name!: string;
}

export class DomainDto {
  @ApiProperty({ example: 'seagrid' })
  id!: string;

  @ApiProperty()
  name!: string;

  @ApiPropertyOptional()
  description?: string;
}

export class DomainDetailsDto extends DomainDto {
  @ApiProperty({ type: [TypeDto] })
  entityTypes!: TypeDto[];

  @ApiProperty({ type: [TypeDto] })
  permissionTypes!: TypeDto[];
}
