import { pageOf } from '@dbem/http';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

export class QueueDto {
  @ApiProperty({ example: 'sharing.queue' })
  name!: string;

  @ApiProperty({ description: 'Messages waiting, not counting those delivered and unacknowledged.' })
  messages!: number;

  @ApiProperty()
  consumers!: number;
}

export class ServiceDto {
  @ApiProperty({ example: 'sharing' })
  name!: string;

  @ApiProperty({ type: [String], description: 'The publishers that it hears.' })
  subscribesTo!: string[];

  @ApiProperty({ type: [String], description: 'The services that hear it.' })
  subscribers!: string[];

  @ApiPropertyOptional({ type: QueueDto, description: 'Its work queue. Left out: there is none.' })
  queue?: QueueDto;

  @ApiPropertyOptional({ type: QueueDto, description: 'The queue of its parked events. Left out: there is none.' })
  parked?: QueueDto;
}

export const ServicePage = pageOf(ServiceDto);
