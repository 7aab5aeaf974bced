export { AppConfigModule, type AppConfigOptions, LOG_DESTINATION, SECRETS } from './config/app-config.module';
export { type ConfigClass, configFrom, configOf, schemaOf } from './config/config-of';
export { LoggingConfig } from './config/logging.config';
export { readConfig } from './config/read-config';
export { secretsOf } from './config/secrets-of';
export { amqpTlsVariables, databaseTlsVariables } from './config/tls-variables';
export {
  amqpUrl,
  databaseIdleTransactionMs,
  databaseSilenceMs,
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
} from './config/variables';
export { disablePretenuring } from './disable-pretenuring';
export { HealthController, HealthModule, MAY_READ_DETAILS, type MayReadDetails } from './health/health.module';
export { LoggingModule, type LoggingOptions } from './logging/logging.module';
export { type Problem, ProblemDetailsFilter } from './problem-details.filter';
export { configureHttp, type RunOptions, runMain, type StartAppOptions, startApp } from './start-app';
export {
  configured,
  type HttpVariables,
  type StartConfiguredOptions,
  startConfiguredApp,
} from './start-configured-app';
