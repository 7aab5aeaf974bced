import { configOf } from '@dbem/service-kit';
import { z } from 'zod';

/** ZooKeeper's address, and the protection of our nodes. */
export class ZooKeeperConfig extends configOf({
  ZOOKEEPER_CONNECT: z
    .string()
    .min(1)
    .default('127.0.0.1:2181')
    .describe('ZooKeeper servers, host:port separated by commas, with an optional /chroot. Default: 127.0.0.1:2181.'),
  ZOOKEEPER_AUTH: z
    .string()
    .regex(/^[^:]+:.{8,}$/, 'must be user:password, with at least 8 characters in the password')
    .optional()
    .describe('user:password with which managers authenticate to ZooKeeper. Default: none.'),
  ZOOKEEPER_NODES: z
    .enum(['closed', 'open'])
    .default('closed')
    .describe(
      'With ZOOKEEPER_AUTH: closed, only managers may change the map; or open, everyone may, for use until every manager has the password. Default: closed.',
    ),
}) {}
