import type { ConfigClass } from '../config/config-of';
import { httpConfigOf } from '../config/http.config';
import { LoggingConfig } from '../config/logging.config';
import { ServiceConfig } from '../config/service.config';

/** All that a service reads: first where it listens, then what every service reads, then what its own modules want to know. */
export function serviceConfigs(defaultPort = 3000, ...others: readonly ConfigClass[]) {
  return [httpConfigOf(defaultPort), ServiceConfig, LoggingConfig, ...others] as const;
}

export type ServiceConfigs = ReturnType<typeof serviceConfigs>;
