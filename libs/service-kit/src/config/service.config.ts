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

/** Configuration of every service: its broker, its database and its tokens. */
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
