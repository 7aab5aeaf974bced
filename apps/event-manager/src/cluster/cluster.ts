import { Instance, ManagerNode } from '@dbem/observation';
import type { DeepReadonly } from '@dbem/runtime';
import { z } from 'zod';

const MAP_STATES = ['loading', 'ready', 'degraded', 'stopped'] as const;

export const ManagerReport = ManagerNode.extend({
  host: z.string().optional().describe('Absent: the manager is not registered in ZooKeeper.'),
  pid: z.int().optional(),
  appliedRevision: z
    .string()
    .optional()
    .describe('The newest revision of the map that it routes by; a decimal number.'),
  isSelf: z.boolean().describe('Whether this is the manager that answers the request.'),
}).meta({ id: 'ManagerReportDto' });

export type ManagerReport = DeepReadonly<z.infer<typeof ManagerReport>>;

export const BrokerNode = z
  .object({
    name: z.string().meta({ example: 'rabbit@broker-1' }),
    isRunning: z.boolean(),
    alarms: z
      .array(z.string())
      .describe('memory, disk: the node blocks publishers. partition: the node has lost contact with other nodes.'),
  })
  .meta({ id: 'BrokerNodeDto' });

export const BrokerReport = z
  .object({
    isConnected: z.boolean(),
    product: z.string().optional().meta({ example: 'RabbitMQ' }),
    version: z.string().optional().meta({ example: '3.13.7' }),
    clusterName: z.string().optional(),
    blockedReason: z.string().optional().describe('Why the broker blocks publishers.'),
    lastFault: z.string().optional().describe('Why the connection was last lost or refused.'),
    reconnects: z.int(),
    nodes: z
      .array(BrokerNode)
      .optional()
      .describe('Absent: the management API is not configured (AMQP_MANAGEMENT_URL) or is unavailable.'),
    managementFault: z.string().optional().describe('Why the management API is unavailable.'),
  })
  .meta({ id: 'BrokerReportDto' });

export type BrokerReport = DeepReadonly<z.infer<typeof BrokerReport>>;

export const ZooKeeperServer = z
  .object({
    address: z.string().meta({ example: '127.0.0.1:2181' }),
    version: z.string().optional().meta({ example: '3.8.4' }),
    mode: z.string().optional().describe('standalone, leader, follower or observer.'),
    fault: z
      .string()
      .optional()
      .describe('Why the state is unknown: the server is unreachable, or does not allow the command `srvr`.'),
  })
  .meta({ id: 'ZooKeeperServerDto' });

export type ZooKeeperServer = DeepReadonly<z.infer<typeof ZooKeeperServer>>;

export const ZooKeeperReport = z
  .object({
    state: z.enum(MAP_STATES).describe('State of the subscription map. degraded: events are routed from memory.'),
    since: z.iso.datetime(),
    reconnects: z.int(),
    lastFault: z.string().optional(),
    servers: z.array(ZooKeeperServer),
  })
  .meta({ id: 'ZooKeeperReportDto' });

export type ZooKeeperReport = DeepReadonly<z.infer<typeof ZooKeeperReport>>;

export const ServiceInstances = z
  .object({
    service: z.string().meta({ example: 'sharing' }),
    instances: z.array(Instance),
  })
  .meta({ id: 'ServiceInstancesDto' });

export const Cluster = z
  .object({
    managers: z.array(ManagerReport),
    broker: BrokerReport,
    zooKeeper: ZooKeeperReport,
    services: z.array(ServiceInstances).describe('Services with an instance that has reported.'),
  })
  .meta({ id: 'ClusterDto' });

export type Cluster = DeepReadonly<z.infer<typeof Cluster>>;
