import { PageQuery } from '@dbem/http';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString } from 'class-validator';
import { AUDIT_RESULTS, type AuditEntry } from './audit-entry';

export class AuditQuery extends PageQuery {
  @ApiPropertyOptional({ description: 'Only entries of this principal.' })
  @IsOptional()
  @IsString()
  who?: string;

  @ApiPropertyOptional({ description: 'Only entries whose action contains this text.' })
  @IsOptional()
  @IsString()
  action?: string;

  @ApiPropertyOptional({ enum: AUDIT_RESULTS })
  @IsOptional()
  @IsIn(AUDIT_RESULTS)
  result?: AuditEntry['result'];
}
