import { configOf } from './config-of';
import { amqpTlsVariables, databaseTlsVariables } from './tls-variables';
import {
  amqpUrl,
  databaseIdleTransactionMs,
  databaseTimeoutMs,
  databaseUrl,
  metricsToken,
  serviceToken,
} from './variables';

/** What every service reads: its broker, its database, and the tokens that open it. */
export class ServiceConfig extends configOf({
  AMQP_URL: amqpUrl,
  ...amqpTlsVariables,
  DATABASE_URL: databaseUrl,
  ...databaseTlsVariables,
  DATABASE_TIMEOUT_MS: databaseTimeoutMs,
  DATABASE_IDLE_TRANSACTION_MS: databaseIdleTransactionMs,
  METRICS_TOKEN: metricsToken,
  SERVICE_TOKEN: serviceToken,
}) {}
