import { ENTITY_TYPES, type EntityType } from '@dbem/db-event';
import { PageQuery, pageOf } from '@dbem/http';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsNotEmpty, IsObject, IsOptional, IsString, Min } from 'class-validator';
import type { ContractVerdict } from './contract.service';
import type { RegisteredSchema } from './registered-schema';

export class SchemaKeyDto {
  @ApiProperty({ example: 'user.profile' })
  @IsString()
  publisher!: string;

  @ApiProperty({ enum: ENTITY_TYPES })
  @IsIn(ENTITY_TYPES)
  entityType!: EntityType;
}

export class SchemaVersionKeyDto extends SchemaKeyDto {
  @ApiProperty({ example: 1 })
  @Type(() => Number)
  @IsInt()
  @Min(1)
  version!: number;
}

export class SchemaQueryDto extends PageQuery {
  @ApiPropertyOptional({ description: 'Only of this publisher.' })
  @IsOptional()
  @IsString()
  publisher?: string;
}

export class SchemaTextDto {
  @ApiProperty({ example: 'UserProfile', description: 'The entity’s struct in the IDL.' })
  @IsString()
  @IsNotEmpty()
  struct!: string;

  @ApiProperty({ description: 'The Thrift IDL file, as text; with what it includes 64 KiB at most.' })
  @IsString()
  idl!: string;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: { type: 'string' },
    description: 'The files that it includes, by the names by which they are included.',
  })
  @IsOptional()
  @IsObject()
  includes?: Record<string, string>;
}

export class PutSchemaDto extends SchemaTextDto {}

export class ContractCheckDto extends SchemaTextDto {
  @ApiProperty({ example: 'user.profile' })
  @IsString()
  publisher!: string;

  @ApiProperty({ enum: ENTITY_TYPES })
  @IsIn(ENTITY_TYPES)
  entityType!: EntityType;

  @ApiPropertyOptional({ description: 'The registered version to compare with. Default: the newest.' })
  @IsOptional()
  @IsInt()
  @Min(1)
  against?: number;
}

export class SchemaVersionDto extends SchemaKeyDto {
  @ApiProperty({ description: '1 for the first; the newest 20 are kept.' })
  version!: number;
}

export const SchemaVersionPage = pageOf(SchemaVersionDto);

export class RegisteredSchemaDto extends SchemaVersionDto {
  @ApiProperty()
  struct!: string;

  @ApiProperty()
  idl!: string;

  @ApiPropertyOptional({ type: 'object', additionalProperties: { type: 'string' } })
  includes?: Readonly<Record<string, string>> | undefined;

  @ApiProperty({ format: 'date-time' })
  registeredAt!: string;

  @ApiProperty({ description: 'Who did; the publisher’s own name, if it was asked by the event manager.' })
  registeredBy!: string;

  static of({ registeredAtMs, ...schema }: RegisteredSchema): RegisteredSchemaDto {
    return { ...schema, registeredAt: new Date(registeredAtMs).toISOString() };
  }
}

export class SchemaChangeDto {
  @ApiProperty({ example: 'UserProfile.emails' })
  path!: string;

  @ApiProperty({ example: '5 was required and is gone' })
  what!: string;

  @ApiProperty({ description: 'Its name in docs/how-to/change-an-entity.md.', example: 'required-removed' })
  rule!: string;

  @ApiProperty({ enum: ['nobody', 'readers of the field', 'all readers'] })
  breaks!: string;

  @ApiProperty()
  isCompatible!: boolean;

  @ApiProperty({
    type: [String],
    description: 'The subscribers of such entities that it would break, as far as is known.',
  })
  breaksSubscribers!: string[];
}

export class ContractVerdictDto {
  @ApiProperty({ description: 'The registered version that it was compared with.' })
  against!: number;

  @ApiProperty()
  isCompatible!: boolean;

  @ApiProperty({ type: [SchemaChangeDto] })
  changes!: SchemaChangeDto[];

  @ApiProperty({ type: [String], description: 'Who is subscribed to such entities of the publisher now.' })
  subscribers!: string[];

  static of({ against, isCompatible, changes, subscribers }: ContractVerdict): ContractVerdictDto {
    return {
      against,
      isCompatible,
      changes: changes.map((change) => ({ ...change, breaksSubscribers: [...change.breaksSubscribers] })),
      subscribers: [...subscribers],
    };
  }
}
