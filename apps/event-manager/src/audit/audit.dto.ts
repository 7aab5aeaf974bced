import { PageQuery, pageOf } from '@dbem/http';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString } from 'class-validator';
import type { AuditEntry } from './audit-entry';

const RESULTS = ['begun', 'done', 'refused', 'failed'] as const;

export class AuditQuery extends PageQuery {
  @ApiPropertyOptional({ description: 'Only what this principal did.' })
  @IsOptional()
  @IsString()
  who?: string;

  @ApiPropertyOptional({ description: 'Only actions that contain this text.' })
  @IsOptional()
  @IsString()
  action?: string;

  @ApiPropertyOptional({ enum: RESULTS })
  @IsOptional()
  @IsIn(RESULTS)
  result?: AuditEntry['result'];
}

export class AuditedPrincipalDto {
  @ApiProperty({ example: 'ada' })
  name!: string;

  @ApiPropertyOptional({ enum: ['viewer', 'operator', 'admin'] })
  role?: string;

  @ApiProperty({ enum: ['token', 'oidc', 'broker user', 'nothing'] })
  provedBy!: string;
}

export class AuditFromDto {
  @ApiPropertyOptional({ description: 'Address of who asked. Left out: it asked by a message.' })
  address?: string;

  @ApiProperty({ description: 'The event manager that was asked: host and process.' })
  manager!: string;
}

export class AuditEntryDto {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ format: 'date-time' })
  at!: string;

  @ApiProperty({ type: AuditedPrincipalDto })
  who!: AuditedPrincipalDto;

  @ApiProperty({ type: AuditFromDto })
  from!: AuditFromDto;

  @ApiProperty({ example: 'PUT /admin/v1/subscriptions/:publisher/:subscriber' })
  action!: string;

  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' }, example: { publisher: 'user.profile' } })
  target!: Record<string, string>;

  @ApiPropertyOptional({ description: 'What was asked for, without secrets.' })
  input?: unknown;

  @ApiProperty({
    enum: RESULTS,
    description:
      'begun: it is being done, or the event manager died before it could say what became of it. refused: nothing was done. ' +
      'failed: some of it may have been done.',
  })
  result!: string;

  @ApiProperty({ description: 'HTTP status, code of an error, or what became of a subscription.', example: '201' })
  outcome!: string;

  @ApiPropertyOptional()
  detail?: string;
}

export const AuditEntryPage = pageOf(AuditEntryDto);
