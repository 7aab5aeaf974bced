import {
  amqpTlsVariables,
  amqpUrl,
  databaseIdleTransactionMs,
  databaseSilenceMs,
  databaseTlsVariables,
  databaseUrl,
  heartbeatIntervalMs,
  heldEventMaxAgeMs,
  heldEventMaxCount,
  logLevel,
  metricsToken,
  port,
  publishProtocol,
  serviceHost,
  serviceToken,
  tombstoneMinAgeMs,
  tombstoneSweepIntervalMs,
} from '@dbem/service-kit';
import { z } from 'zod';

/** The service's name on the wire. */
export const SERVICE_NAME = 'sharing';

export const sharingConfigSchema = z.object({
  SERVICE_HOST: serviceHost,
  SERVICE_PORT: port.default(3002).describe('Port of the HTTP API. Default: 3002.'),
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
  HELD_EVENT_MAX_AGE_MS: heldEventMaxAgeMs,
  HELD_EVENT_MAX_COUNT: heldEventMaxCount,
  TOMBSTONE_MIN_AGE_MS: tombstoneMinAgeMs,
  TOMBSTONE_SWEEP_INTERVAL_MS: tombstoneSweepIntervalMs,
  LOG_LEVEL: logLevel,
});

export type SharingConfig = z.infer<typeof sharingConfigSchema>;
