import type { ConfigClass } from '../config/config-of';
import { httpConfigOf } from '../config/http.config';
import { LoggingConfig } from '../config/logging.config';
import { ServiceConfig } from '../config/service.config';

/** The configuration classes of a service: its HTTP address, those of every service, then those of its own modules. */
export function serviceConfigs(defaultPort = 3000, ...others: readonly ConfigClass[]) {
  return [httpConfigOf(defaultPort), ServiceConfig, LoggingConfig, ...others] as const;
}

export type ServiceConfigs = ReturnType<typeof serviceConfigs>;
