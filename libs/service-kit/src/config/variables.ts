import { z } from 'zod';

/** Variables of several apps. */
export const port = z.coerce.number().int().min(1).max(65_535);

export const serviceHost = z
  .string()
  .min(1)
  .default('127.0.0.1')
  .describe('Address that the HTTP API listens on. Default: 127.0.0.1; in a container 0.0.0.0.');

export const amqpUrl = z
  .url({ protocol: /^amqps?$/ })
  .default('amqp://guest:guest@127.0.0.1:5672')
  .describe('URL of RabbitMQ, with user, password and vhost. Default: amqp://guest:guest@127.0.0.1:5672.');

export const databaseUrl = z
  .url({ protocol: /^postgres(ql)?$/ })
  .describe('URL of the service’s own PostgreSQL database. Required.');

export const databaseTimeoutMs = z.coerce
  .number()
  .int()
  .min(0)
  .default(10_000)
  .describe(
    'After this time without a response to a query, ms, the connection is closed, unless the database reports on another connection that it is still working on the query; 0: never. Default: 10000.',
  );

export const databaseIdleTransactionMs = z.coerce
  .number()
  .int()
  .min(0)
  .default(120_000)
  .describe(
    'The database aborts a transaction of the relay or the applier that is idle for longer, ms. Must be more than the 30000 that the broker may take to confirm; 0: never. Default: 120000.',
  );

export const tombstoneMinAgeMs = z.coerce
  .number()
  .int()
  .min(2 * 24 * 60 * 60 * 1_000)
  .default(30 * 24 * 60 * 60 * 1_000)
  .describe(
    'How long a replica keeps tombstones, ms: longer than the oldest event that may still arrive, at least two days. Default: 2592000000 (30 days).',
  );

export const tombstoneSweepIntervalMs = z.coerce
  .number()
  .int()
  .min(1_000)
  .default(60 * 60 * 1_000)
  .describe('Interval at which tombstones past their age are deleted, ms. Default: 3600000.');

export const publishProtocol = z
  .enum(['outbox', 'confirm-then-commit'])
  .default('outbox')
  .describe('How changes are published: outbox (default) or confirm-then-commit.');

export const logLevel = z
  .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
  .default('info')
  .describe('Minimum level of log messages. Default: info.');

export const metricsToken = z
  .string()
  .min(16)
  .optional()
  .describe('Bearer token for /metrics only, at least 16 characters. If not set, /metrics is closed.');

export const serviceToken = z
  .string()
  .min(16)
  .optional()
  .describe(
    'Bearer token of the service’s HTTP API, at least 16 characters. If not set, /replication is closed and the rest is open.',
  );

export const heartbeatIntervalMs = z.coerce
  .number()
  .int()
  .min(0)
  .default(10_000)
  .describe('Interval of heartbeats to subscribers, ms; 0: no heartbeats. Default: 10000.');

export const deferredEventMaxAgeMs = z.coerce
  .number()
  .int()
  .min(1)
  .default(600_000)
  .describe('Maximum time that an event waits for a dependency before it is parked, ms. Default: 600000.');

export const deferredEventMaxCount = z.coerce
  .number()
  .int()
  .min(1)
  .default(100_000)
  .describe('Maximum number of events that wait for a dependency; past that the oldest are parked. Default: 100000.');
