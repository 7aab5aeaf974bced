import { amqpUrl, logLevel, port, serviceHost } from '@dbem/platform';
import { z } from 'zod';

export const eventManagerConfigSchema = z.object({
  SERVICE_HOST: serviceHost,
  SERVICE_PORT: port.default(3000).describe('Port of the HTTP API. Default: 3000.'),
  AMQP_URL: amqpUrl,
  ZOOKEEPER_CONNECT: z
    .string()
    .min(1)
    .default('127.0.0.1:2181')
    .describe('ZooKeeper servers, host:port joined by commas, with an optional /chroot. Default: 127.0.0.1:2181.'),
  ADMIN_TOKEN: z
    .string()
    .min(16)
    .optional()
    .describe('Bearer token of the admin API, 16 characters or more. Default: a random one, printed at start-up.'),
  INTAKE_PREFETCH: z.coerce
    .number()
    .int()
    .min(1)
    .max(65_535)
    .default(1_000)
    .describe('Most events that this manager holds unacknowledged. Default: 1000.'),
  LOG_LEVEL: logLevel,
});

export type EventManagerConfig = z.infer<typeof eventManagerConfigSchema>;

export const EVENT_MANAGER_CONFIG = Symbol('EVENT_MANAGER_CONFIG');
