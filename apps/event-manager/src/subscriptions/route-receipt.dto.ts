import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { SubscriptionDto } from './subscription.dto';

export class BindingDto {
  @ApiProperty({ example: 'db.event.exchange' })
  exchange!: string;

  @ApiProperty({ example: '#.sharing.#' })
  routingKey!: string;
}

export class RouteQueueDto {
  @ApiProperty({ example: 'sharing.queue' })
  name!: string;

  @ApiProperty({ description: 'Messages waiting, without those delivered and unacknowledged.' })
  messages!: number;

  @ApiProperty()
  consumers!: number;

  @ApiPropertyOptional({ example: 'quorum', description: 'Left out without AMQP_MANAGEMENT_URL.' })
  kind?: string;

  @ApiPropertyOptional({ type: [BindingDto], description: 'Left out without AMQP_MANAGEMENT_URL.' })
  bindings?: BindingDto[];
}

export class FindingDto {
  @ApiProperty({ example: 'QUEUE_MISSING' })
  code!: string;

  @ApiProperty({
    enum: ['healed', 'note', 'warning'],
    description: 'healed: it was wrong and is right now. note: worth knowing. warning: look after it.',
  })
  state!: 'healed' | 'note' | 'warning';

  @ApiProperty()
  message!: string;
}

export class RouteReceiptDto {
  @ApiProperty({ type: SubscriptionDto, description: 'As this manager’s map has it.' })
  subscription!: SubscriptionDto;

  @ApiProperty({ description: 'Where an event goes now.', example: 'sharing.queue' })
  goesTo!: string;

  @ApiProperty({ type: RouteQueueDto, description: 'The service’s queue.' })
  queue!: RouteQueueDto;

  @ApiPropertyOptional({
    type: RouteQueueDto,
    description: 'Where events wait while it is paused. Left out if it is live.',
  })
  waiting?: RouteQueueDto;

  @ApiProperty({ description: 'Live event managers; all of them route by the map that is shown.' })
  managers!: number;

  @ApiProperty({ type: [FindingDto] })
  findings!: FindingDto[];
}
