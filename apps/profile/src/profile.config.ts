import {
  amqpTlsVariables,
  amqpUrl,
  databaseIdleTransactionMs,
  databaseSilenceMs,
  databaseTlsVariables,
  databaseUrl,
  heartbeatIntervalMs,
  logLevel,
  metricsToken,
  port,
  publishProtocol,
  serviceHost,
  serviceToken,
} from '@dbem/service-kit';
import { z } from 'zod';

/** The service's name on the wire. */
export const SERVICE_NAME = 'user.profile';

export const profileConfigSchema = z.object({
  SERVICE_HOST: serviceHost,
  SERVICE_PORT: port.default(3001).describe('Port of the HTTP API. Default: 3001.'),
  AMQP_URL: amqpUrl,
  ...amqpTlsVariables,
  DATABASE_URL: databaseUrl,
  ...databaseTlsVariables,
  DATABASE_SILENCE_MS: databaseSilenceMs,
  DATABASE_IDLE_TRANSACTION_MS: databaseIdleTransactionMs,
  PUBLISH_PROTOCOL: publishProtocol,
  HEARTBEAT_INTERVAL_MS: heartbeatIntervalMs,
  METRICS_TOKEN: metricsToken,
  SERVICE_TOKEN: serviceToken,
  LOG_LEVEL: logLevel,
});

export type ProfileConfig = z.infer<typeof profileConfigSchema>;
