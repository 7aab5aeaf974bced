export { AppConfigModule, type AppConfigOptions, SECRETS } from './config/app-config.module';
export { type ConfigClass, configFrom, configOf, schemaOf } from './config/config-of';
export { LoggingConfig } from './config/logging.config';
export { OutboxConfig } from './config/outbox.config';
export { ReplicaConfig } from './config/replica.config';
export { ServiceConfig } from './config/service.config';
export { amqpTlsVariables } from './config/tls-variables';
export {
  amqpUrl,
  databaseUrl,
  heartbeatIntervalMs,
  logLevel,
  metricsToken,
  port,
  serviceHost,
  serviceToken,
} from './config/variables';
export { HealthModule, MAY_READ_DETAILS, type MayReadDetails } from './health/health.module';
export { LoggingModule } from './logging/logging.module';
export { type Problem, ProblemDetailsFilter } from './problem-details.filter';
export { ServiceModule, type ServiceModuleOptions } from './service/service.module';
export { type ServiceConfigs, serviceConfigs } from './service/service-configs';
export { type StartServiceOptions, startService } from './service/start-service';
export type { HttpOptions } from './start/configure-http';
export { runMain } from './start/run-main';
export { configured, type HttpVariables, type RunOptions, type StartAppOptions, startApp } from './start/start-app';
