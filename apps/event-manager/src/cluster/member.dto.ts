import { pageOf } from '@dbem/http';
import type { Member } from '@dbem/subscription-registry';
import { ApiProperty } from '@nestjs/swagger';

export class MemberDto {
  @ApiProperty()
  id!: string;

  @ApiProperty({
    description: 'The newest change of the map that it routes by; a decimal number.',
    example: '4294967330',
  })
  appliedRevision!: string;

  @ApiProperty({ format: 'date-time' })
  startedAt!: string;

  @ApiProperty()
  host!: string;

  @ApiProperty()
  pid!: number;

  static of({ id, appliedRevision, startedAtMs, host, pid }: Member): MemberDto {
    return { id, appliedRevision: String(appliedRevision), startedAt: new Date(startedAtMs).toISOString(), host, pid };
  }
}

export const MemberPage = pageOf(MemberDto);
