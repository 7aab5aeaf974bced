import { ENTITY_TYPES, type EntityType } from '@dbem/db-event';
import {
  EDGE_STATES,
  type Edge,
  type EdgeState,
  INSTANCE_STATES,
  type Instance,
  type InstanceState,
  type ManagerNode,
  type OutboxLevel,
  type QueueLevel,
  SERVICE_HEALTHS,
  type ServiceHealth,
  type ServiceNode,
  type Topology,
  type TopologyChanges,
} from '@dbem/observation';
import { ApiProperty, ApiPropertyOptional, PickType } from '@nestjs/swagger';

export class InstanceDto implements Instance {
  @ApiProperty({ description: 'Drawn at each start of the process.' })
  id!: string;

  @ApiProperty({ enum: INSTANCE_STATES, description: 'gone: it has fallen silent without a word of leave.' })
  state!: InstanceState;

  @ApiPropertyOptional({ type: [String], description: 'Why it is not ready.' })
  reasons?: string[];

  @ApiProperty({ description: 'The version of the software that it runs.', example: '0.1.0' })
  software!: string;

  @ApiProperty({ format: 'date-time' })
  startedAt!: string;

  @ApiPropertyOptional({ format: 'date-time', description: 'Of one that is gone.' })
  lastHeardAt?: string;
}

export class ManagerNodeDto extends InstanceDto implements ManagerNode {
  @ApiProperty({ description: 'Events taken from the managers’ queue, a second.' })
  receivedPerS!: number;

  @ApiProperty({ description: 'Copies that the broker has confirmed in the services’ queues, a second.' })
  forwardedPerS!: number;
}

export class QueueLevelDto implements QueueLevel {
  @ApiProperty({ type: 'integer', description: 'Messages waiting, not counting those delivered and unacknowledged.' })
  messages!: number;

  @ApiProperty({ type: 'integer' })
  consumers!: number;
}

export class OutboxLevelDto implements OutboxLevel {
  @ApiProperty({ type: 'integer', description: 'Changes that wait; counted up to 100000.' })
  depth!: number;

  @ApiProperty()
  oldestAgeMs!: number;

  @ApiProperty({ description: 'Changes that the broker has confirmed, a second, of all instances.' })
  publishedPerS!: number;

  @ApiProperty({ description: 'By how much the clock of its database is ahead of its process’s.' })
  clockOffsetMs!: number;
}

export class ServiceNodeDto implements ServiceNode {
  @ApiProperty({ example: 'sharing' })
  name!: string;

  @ApiProperty()
  isPublisher!: boolean;

  @ApiProperty()
  isSubscriber!: boolean;

  @ApiProperty({
    enum: SERVICE_HEALTHS,
    description:
      'ready: every instance that is there says so. unready: one says that it is not. gone: there were some, and none is heard ' +
      'any more. unknown: none has ever been heard, as of an old service.',
  })
  health!: ServiceHealth;

  @ApiProperty({ type: [InstanceDto] })
  instances!: InstanceDto[];

  @ApiPropertyOptional({ type: QueueLevelDto, description: 'Its work queue. Left out: there is none.' })
  queue?: QueueLevelDto;

  @ApiPropertyOptional({ type: 'integer', description: 'Events in its parked queue. Left out: none.' })
  parked?: number;

  @ApiPropertyOptional({ type: OutboxLevelDto, description: 'Left out: it does not say.' })
  outbox?: OutboxLevelDto;
}

export class EdgeDto implements Edge {
  @ApiProperty({ example: 'user.profile' })
  publisher!: string;

  @ApiProperty({ example: 'sharing' })
  subscriber!: string;

  @ApiPropertyOptional({ enum: ENTITY_TYPES, isArray: true, description: 'Left out: all entity types.' })
  entityTypes?: EntityType[];

  @ApiProperty({
    enum: EDGE_STATES,
    description:
      'The gravest that holds. lapsed: its subscriber stayed away for too long. silent: nobody takes from its subscriber’s ' +
      'queue. paused: its events wait in a queue of their own. backfilling: a backfill or a repair is under way. parked: the ' +
      'subscriber has parked events. flowing: none of these.',
  })
  state!: EdgeState;

  @ApiPropertyOptional({ enum: EDGE_STATES, isArray: true, description: 'What else holds.' })
  also?: EdgeState[];

  @ApiProperty({ description: 'Events that event managers sent on to it, a second.' })
  inPerS!: number;

  @ApiProperty({ description: 'Events that the subscriber has settled, a second; 0 of one that does not say.' })
  outPerS!: number;

  @ApiPropertyOptional({
    description: 'Median lag of what was applied in the last minute or so. Left out: nothing was.',
  })
  lagP50Ms?: number;

  @ApiPropertyOptional()
  lagP99Ms?: number;

  @ApiPropertyOptional({ description: 'Lag of the last event or heartbeat. Below zero: the clocks differ.' })
  lastLagMs?: number;

  @ApiProperty({
    type: 'integer',
    description:
      'Messages in the subscriber’s work queue, which all its subscriptions share, or, while paused, in the subscription’s own.',
  })
  depth!: number;

  @ApiProperty({ type: 'integer', description: 'Consumers of the subscriber’s work queue.' })
  consumers!: number;

  @ApiProperty({
    type: 'integer',
    description: 'Events in the subscriber’s parked queue, which all its subscriptions share.',
  })
  parked!: number;

  @ApiPropertyOptional({
    type: 'integer',
    description:
      'The publisher’s newest version minus the newest that has come through. Left out: one of them does not say.',
  })
  versionsBehind?: number;
}

export class TopologyDto implements Topology {
  @ApiProperty({ format: 'date-time' })
  at!: string;

  @ApiProperty({ type: 'integer' })
  revision!: number;

  @ApiProperty({ type: [ManagerNodeDto] })
  managers!: ManagerNodeDto[];

  @ApiPropertyOptional({ type: QueueLevelDto, description: 'The managers’ own queue, through which all events go.' })
  intake?: QueueLevelDto;

  @ApiProperty({ type: [ServiceNodeDto] })
  services!: ServiceNodeDto[];

  @ApiProperty({ type: [EdgeDto], description: 'One a subscription.' })
  edges!: EdgeDto[];
}

export class EdgeKeyDto extends PickType(EdgeDto, ['publisher', 'subscriber']) {}

/** The data of `changes` in the live stream. */
export class TopologyChangesDto implements TopologyChanges {
  @ApiProperty({ format: 'date-time' })
  at!: string;

  @ApiProperty({ type: 'integer', description: 'One more than the revision that it is based on.' })
  revision!: number;

  @ApiPropertyOptional({ type: [ManagerNodeDto], description: 'All of them, if any has changed.' })
  managers?: ManagerNodeDto[];

  @ApiPropertyOptional({ type: QueueLevelDto })
  intake?: QueueLevelDto;

  @ApiPropertyOptional({ type: [ServiceNodeDto], description: 'New and changed ones, whole.' })
  services?: ServiceNodeDto[];

  @ApiPropertyOptional({ type: [EdgeDto], description: 'New and changed ones, whole.' })
  edges?: EdgeDto[];

  @ApiPropertyOptional({ type: [String] })
  removedServices?: string[];

  @ApiPropertyOptional({ type: [EdgeKeyDto] })
  removedEdges?: EdgeKeyDto[];
}
