import { amqpTlsVariables, amqpUrl, logLevel, metricsToken, port, serviceHost } from '@dbem/service-kit';
import { z } from 'zod';
import { accessVariables, oidcFault } from './access/access.config';
import { identityVariables } from './access/identity/identity.config';

const variables = z.object({
  SERVICE_HOST: serviceHost,
  SERVICE_PORT: port.default(3000).describe('Port of the HTTP API. Default: 3000.'),
  AMQP_URL: amqpUrl,
  ...amqpTlsVariables,
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
  ...accessVariables,
  ...identityVariables,
  AMQP_MANAGEMENT_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe(
      'RabbitMQ’s management API with an administrator’s user and password, to make broker users through the admin API. Default: none.',
    ),
  INTAKE_PREFETCH: z.coerce
    .number()
    .int()
    .min(1)
    .max(65_535)
    .default(1_000)
    .describe('Most events that this manager holds unacknowledged. Default: 1000.'),
  METRICS_TOKEN: metricsToken,
  BACKLOG_MAX_MESSAGES: z.coerce
    .number()
    .int()
    .min(1)
    .default(5_000_000)
    .describe('A service whose queue holds more messages loses its subscriptions and its queue. Default: 5000000.'),
  BACKLOG_MAX_BYTES: z.coerce
    .number()
    .int()
    .min(1)
    .default(8 * 1024 ** 3)
    .describe('The same for bytes, estimated by what was forwarded to it. Default: 8589934592 (8 GiB).'),
  LOG_LEVEL: logLevel,
});

export const eventManagerConfigSchema = variables.superRefine((config, context) => {
  const fault = oidcFault(config);
  if (fault !== undefined) context.addIssue({ code: 'custom', path: ['OIDC_ISSUER'], message: fault });
});

export type EventManagerConfig = z.infer<typeof eventManagerConfigSchema>;

export const EVENT_MANAGER_CONFIG = Symbol('EVENT_MANAGER_CONFIG');
