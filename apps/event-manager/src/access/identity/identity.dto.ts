import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

export class ForgeryDto {
  @ApiProperty({ enum: ['PUBLISHER_FORGED', 'SUBSCRIBER_FORGED'] })
  code!: string;

  @ApiPropertyOptional({ description: 'The broker user that sent it. Left out: it did not say.' })
  userId?: string;

  @ApiProperty({ description: 'The service that it claimed to be.' })
  service!: string;

  @ApiProperty({ description: 'By this manager, since its start.' })
  count!: number;

  @ApiProperty({ format: 'date-time' })
  lastSeenAt!: string;
}

export class IdentityDto {
  @ApiProperty({ description: 'Messages must come from the broker user of the service that they name.' })
  isEnforced!: boolean;

  @ApiProperty({ description: 'Messages that this manager refused since its start because they were not.' })
  forged!: number;

  @ApiProperty({ type: [ForgeryDto], description: 'By kind, the latest last; 1,000 kinds at most.' })
  forgeries!: ForgeryDto[];
}
