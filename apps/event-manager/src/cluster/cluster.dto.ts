import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { InstanceDto, ManagerNodeDto } from '../observation/topology.dto';
import type { BrokerNode, BrokerReport, Cluster, ManagerReport, ZooKeeperReport, ZooKeeperServer } from './cluster';

const MAP_STATES = ['loading', 'ready', 'degraded', 'stopped'] as const;

export class ManagerReportDto extends ManagerNodeDto implements ManagerReport {
  @ApiPropertyOptional({ description: 'Left out: ZooKeeper does not know it.' })
  host?: string;

  @ApiPropertyOptional({ type: 'integer' })
  pid?: number;

  @ApiPropertyOptional({ description: 'The newest change of the map that it routes by; a decimal number.' })
  appliedRevision?: string;

  @ApiProperty({ description: 'The one that answers.' })
  isSelf!: boolean;
}

export class BrokerNodeDto implements BrokerNode {
  @ApiProperty({ example: 'rabbit@broker-1' })
  name!: string;

  @ApiProperty()
  isRunning!: boolean;

  @ApiProperty({
    type: [String],
    description: 'memory, disk: it makes publishers wait. partition: it sees others no more.',
  })
  alarms!: string[];
}

export class BrokerReportDto implements BrokerReport {
  @ApiProperty()
  isConnected!: boolean;

  @ApiPropertyOptional({ example: 'RabbitMQ' })
  product?: string;

  @ApiPropertyOptional({ example: '3.13.7' })
  version?: string;

  @ApiPropertyOptional()
  clusterName?: string;

  @ApiPropertyOptional({ description: 'Why it makes publishers wait.' })
  blockedReason?: string;

  @ApiPropertyOptional({ description: 'Why the connection was lost or refused last.' })
  lastFault?: string;

  @ApiProperty({ type: 'integer' })
  reconnects!: number;

  @ApiPropertyOptional({
    type: [BrokerNodeDto],
    description: 'Left out: the management API is not configured (AMQP_MANAGEMENT_URL), or does not answer.',
  })
  nodes?: BrokerNodeDto[];

  @ApiPropertyOptional({ description: 'Why the management API does not answer.' })
  managementFault?: string;
}

export class ZooKeeperServerDto implements ZooKeeperServer {
  @ApiProperty({ example: '127.0.0.1:2181' })
  address!: string;

  @ApiPropertyOptional({ example: '3.8.4' })
  version?: string;

  @ApiPropertyOptional({ description: 'standalone, leader, follower or observer.' })
  mode?: string;

  @ApiPropertyOptional({ description: 'Why it does not say: it can’t be reached, or its command `srvr` is closed.' })
  fault?: string;
}

export class ZooKeeperReportDto implements ZooKeeperReport {
  @ApiProperty({ enum: MAP_STATES, description: 'Of the subscription map. degraded: routing goes on from memory.' })
  state!: (typeof MAP_STATES)[number];

  @ApiProperty({ format: 'date-time' })
  since!: string;

  @ApiProperty({ type: 'integer' })
  reconnects!: number;

  @ApiPropertyOptional()
  lastFault?: string;

  @ApiProperty({ type: [ZooKeeperServerDto] })
  servers!: ZooKeeperServerDto[];
}

export class ServiceInstancesDto {
  @ApiProperty({ example: 'sharing' })
  service!: string;

  @ApiProperty({ type: [InstanceDto] })
  instances!: InstanceDto[];
}

export class ClusterDto implements Cluster {
  @ApiProperty({ type: [ManagerReportDto] })
  managers!: ManagerReportDto[];

  @ApiProperty({ type: BrokerReportDto })
  broker!: BrokerReportDto;

  @ApiProperty({ type: ZooKeeperReportDto })
  zooKeeper!: ZooKeeperReportDto;

  @ApiProperty({ type: [ServiceInstancesDto], description: 'Services of which an instance has been heard.' })
  services!: ServiceInstancesDto[];
}
