import { configOf } from '@dbem/service-kit';
import { z } from 'zod';

/** Where ZooKeeper is, and how our nodes there are protected. */
export class ZooKeeperConfig extends configOf({
  ZOOKEEPER_CONNECT: z
    .string()
    .min(1)
    .default('127.0.0.1:2181')
    .describe('ZooKeeper servers, host:port joined by commas, with an optional /chroot. Default: 127.0.0.1:2181.'),
  ZOOKEEPER_AUTH: z
    .string()
    .regex(/^[^:]+:.{8,}$/, 'user:password, the password of 8 characters or more')
    .optional()
    .describe('user:password by which managers show ZooKeeper that they are managers. Default: none.'),
  ZOOKEEPER_NODES: z
    .enum(['closed', 'open'])
    .default('closed')
    .describe(
      'With ZOOKEEPER_AUTH: closed, only managers may change the map; or open, until every manager has the password. Default: closed.',
    ),
}) {}
