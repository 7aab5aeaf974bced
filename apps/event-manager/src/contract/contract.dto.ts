import { ENTITY_TYPES, type EntityType } from '@dbem/db-event';
import { PageQuery } from '@dbem/http';
import type { DeepReadonly } from '@dbem/runtime';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsNotEmpty, IsObject, IsOptional, IsString, Min } from 'class-validator';
import { z } from 'zod';
import { type RegisteredSchema, SchemaVersion } from './registered-schema';

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
  @ApiPropertyOptional({ description: 'Only schemas of this publisher.' })
  @IsOptional()
  @IsString()
  publisher?: string;
}

export class SchemaTextDto {
  @ApiProperty({ example: 'UserProfile', description: 'The entity’s struct in the IDL.' })
  @IsString()
  @IsNotEmpty()
  struct!: string;

  @ApiProperty({ description: 'The Thrift IDL file as text; at most 64 KiB together with its includes.' })
  @IsString()
  idl!: string;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: { type: 'string' },
    description: 'The included files, by the name in the include statement.',
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

export const RegisteredSchemaDto = SchemaVersion.extend({
  struct: z.string(),
  idl: z.string(),
  includes: z.record(z.string(), z.string()).optional(),
  registeredAt: z.iso.datetime(),
  registeredBy: z
    .string()
    .describe('The principal; or the publisher, if the event manager collected the schema from it.'),
}).meta({ id: 'RegisteredSchemaDto' });

export type RegisteredSchemaDto = DeepReadonly<z.infer<typeof RegisteredSchemaDto>>;

export function toRegisteredSchemaDto({ registeredAtMs, ...schema }: RegisteredSchema): RegisteredSchemaDto {
  return { ...schema, registeredAt: new Date(registeredAtMs).toISOString() };
}
