export { AppConfigModule, type AppConfigOptions, LOG_DESTINATION, SECRETS } from './config/app-config.module';
export { type ConfigClass, configFrom, configOf, schemaOf } from './config/config-of';
export { LoggingConfig } from './config/logging.config';
export { OutboxConfig } from './config/outbox.config';
export { ReplicaConfig } from './config/replica.config';
export { ServiceConfig } from './config/service.config';
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
export { HealthController, HealthModule, MAY_READ_DETAILS, type MayReadDetails } from './health/health.module';
export { LoggingModule } from './logging/logging.module';
export { type Problem, ProblemDetailsFilter } from './problem-details.filter';
export { ServiceModule, type ServiceModuleOptions } from './service/service.module';
export { type ServiceConfigs, serviceConfigs } from './service/service-configs';
export { type StartServiceOptions, startService } from './service/start-service';
export { configureHttp, type HttpOptions } from './start/configure-http';
export { runMain } from './start/run-main';
export { configured, type HttpVariables, type RunOptions, type StartAppOptions, startApp } from './start/start-app';
