import { z } from 'zod';

/** Variables that several apps read. */
export const port = z.coerce.number().int().min(1).max(65_535);

export const serviceHost = z
  .string()
  .min(1)
  .default('127.0.0.1')
  .describe('Address that the HTTP API listens on. Default: 127.0.0.1; in a container 0.0.0.0.');

export const amqpUrl = z
  .url({ protocol: /^amqps?$/ })
  .default('amqp://guest:guest@127.0.0.1:5672')
  .describe('RabbitMQ, with user, password and vhost. Default: amqp://guest:guest@127.0.0.1:5672.');

export const databaseUrl = z
  .url({ protocol: /^postgres(ql)?$/ })
  .describe('The service’s own PostgreSQL database. No default.');

export const databaseTimeoutMs = z.coerce
  .number()
  .int()
  .min(0)
  .default(10_000)
  .describe(
    'A connection on which a query has heard nothing for so long is given up, unless the database, asked over another one, is at work for it, ms; 0: never. Default: 10000.',
  );

export const databaseIdleTransactionMs = z.coerce
  .number()
  .int()
  .min(0)
  .default(120_000)
  .describe(
    'The database ends a transaction of the relay or the applier that is idle for longer, ms; more than the 30000 that the broker may take to confirm; 0: never. Default: 120000.',
  );

export const tombstoneMinAgeMs = z.coerce
  .number()
  .int()
  .min(2 * 24 * 60 * 60 * 1_000)
  .default(30 * 24 * 60 * 60 * 1_000)
  .describe(
    'How long a replica remembers that an entity was deleted: longer than the oldest event that may still arrive, ms; two days or more. Default: 2592000000 (30 days).',
  );

export const tombstoneSweepIntervalMs = z.coerce
  .number()
  .int()
  .min(1_000)
  .default(60 * 60 * 1_000)
  .describe('How often tombstones past their age are swept, ms. Default: 3600000.');

export const publishProtocol = z
  .enum(['outbox', 'confirm-then-commit'])
  .default('outbox')
  .describe('How changes are published: outbox (default) or confirm-then-commit.');

export const logLevel = z
  .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
  .default('info')
  .describe('Least severe log level that is written. Default: info.');

export const metricsToken = z
  .string()
  .min(16)
  .optional()
  .describe('Bearer token that opens /metrics and nothing else, 16 characters or more. Left out: /metrics is closed.');

export const serviceToken = z
  .string()
  .min(16)
  .optional()
  .describe(
    'Bearer token that opens the service’s HTTP API, 16 characters or more. Left out: /replication is closed, the rest is open.',
  );

export const heartbeatIntervalMs = z.coerce
  .number()
  .int()
  .min(0)
  .default(10_000)
  .describe('How often subscribers get a sign of life, whatever else is published, ms; 0: never. Default: 10000.');

export const deferredEventMaxAgeMs = z.coerce
  .number()
  .int()
  .min(1)
  .default(600_000)
  .describe('How long an event may wait for what it depends on before it is parked, ms. Default: 600000.');

export const deferredEventMaxCount = z.coerce
  .number()
  .int()
  .min(1)
  .default(100_000)
  .describe('How many events may wait for what they depend on; past that the oldest are parked. Default: 100000.');
